package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.Problem;
import dev.holdfast.engine.retention.KeepRules;
import dev.holdfast.engine.retention.Period;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.engine.retention.SnapshotClass;
import dev.holdfast.engine.retention.Span;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what is kept of snapshots; its shape was checked.
final class KeepReader {
  private final List<Problem> problems;

  KeepReader(List<Problem> problems) {
    this.problems = problems;
  }

  /// @param keys of the app
  Keep read(Reader keys) {
    Map<String, RetentionPolicy> inCopies = new LinkedHashMap<>();
    Reader copies = keys.mapping(KeepShape.IN_COPIES);
    for (String name : copies.value().members().keySet()) {
      policy(copies, name).ifPresent(policy -> inCopies.put(name, policy));
    }
    return new Keep(policy(keys, "keep"), inCopies);
  }

  /// The policy under a key; empty if it is not given.
  Optional<RetentionPolicy> policy(Reader owner, String key) {
    if (!owner.has(key)) {
      return Optional.empty();
    }
    Reader keys = owner.mapping(key);
    Period points =
        keys.has(KeepShape.RESTORE_POINTS)
            ? period(keys, KeepShape.RESTORE_POINTS)
            : RetentionPolicy.RESTORE_POINTS_DEFAULT;
    Map<SnapshotClass, KeepRules> own = new EnumMap<>(SnapshotClass.class);
    for (SnapshotClass its : SnapshotClass.values()) {
      if (keys.has(its.tag())) {
        own.put(its, rules(owner.mapping(key), its.tag()));
      }
    }
    return Optional.of(new RetentionPolicy(rules(owner, key), own, points));
  }

  private KeepRules rules(Reader owner, String key) {
    Reader keys = owner.mapping(key);
    Map<Span, Integer> counts = new EnumMap<>(Span.class);
    Map<Span, Period> within = new EnumMap<>(Span.class);
    for (Span span : Span.values()) {
      keys.number(span.word()).ifPresent(count -> counts.put(span, Math.toIntExact(count)));
      if (keys.has(KeepShape.within(span))) {
        within.put(span, period(keys, KeepShape.within(span)));
      }
    }
    KeepRules rules =
        new KeepRules(
            counts,
            keys.has(KeepShape.WITHIN) ? period(keys, KeepShape.WITHIN) : Period.NONE,
            within,
            keys.texts(KeepShape.TAGS).stream().map(List::of).toList());
    if (rules.isEmpty()) {
      problems.add(
          new Problem(
              owner.place(key),
              "'" + key + "' has no rule that keeps anything: add one, such as 'last: 10'"));
    }
    return rules;
  }

  private Period period(Reader keys, String key) {
    Period period = Period.parse(key, keys.text(key).orElseThrow());
    if (period.isZero()) {
      problems.add(new Problem(keys.place(key), "'" + key + "' is zero"));
    }
    return period;
  }
}
