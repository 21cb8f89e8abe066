package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a plan will take and change, as far as it can be known beforehand.
final class Forecast {
  /// For folders, metadata, and whoever else writes meanwhile.
  private static final long MARGIN_BYTES = 16 << 20;

  private final Plan plan;
  private final List<DatabaseEngine> engines;
  private final List<Preview.TableChange> changes = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private boolean counted = true;

  Forecast(Plan plan, List<DatabaseEngine> engines) {
    this.plan = plan;
    this.engines = engines;
  }

  Preview preview(PlanRequest request) {
    for (Replacement replacement : plan.replacements()) {
      warnOfOtherNames(replacement.live());
      compare(replacement, request.facts());
    }
    for (PlannedDatabase planned : request.databases()) {
      changes.addAll(planned.changes());
      warnings.addAll(planned.warnings());
      counted = counted && planned.counted();
    }
    if (request.snapshot().tags().contains(Manifest.PARTIAL_TAG)) {
      warnings.add("the snapshot is partial: sources that failed are not in it");
    }
    if (!plan.restorePoint()) {
      warnings.add("the present state is not backed up: only the safety copies will hold it");
    }
    if (!plan.service().hasService()) {
      warnings.add("no service is named: whatever uses the data must be stopped by hand");
    }
    List<Preview.Space> more = new ArrayList<>();
    request.databases().forEach(planned -> more.addAll(planned.space()));
    return new Preview(plan, space(plan, more), changes, counted, warnings);
  }

  /// What each file system must take.
  ///
  /// @throws HoldfastException.InputOutput if it cannot be found out
  ///
  /// @param more than what replaces files
  static List<Preview.Space> space(Plan plan, List<Preview.Space> more) {
    Map<Long, Preview.Space> byDevice = new LinkedHashMap<>();
    for (Replacement replacement : plan.replacements()) {
      add(byDevice, LivePath.of(replacement.live()).existingFolder(), replacement.bytes());
    }
    more.forEach(each -> add(byDevice, each.folder(), each.neededBytes()));
    return List.copyOf(byDevice.values());
  }

  private static void add(Map<Long, Preview.Space> byDevice, String folder, long bytes) {
    try {
      long device = Posix.stat(folder).deviceId();
      Preview.Space known = byDevice.get(device);
      long needed = (known == null ? MARGIN_BYTES : known.neededBytes()) + bytes;
      long available = Posix.statfs(folder).availableBytes();
      byDevice.put(
          device, new Preview.Space(known == null ? folder : known.folder(), needed, available));
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput(
          OsString.display(folder) + " cannot be looked at: " + Reason.of(e), "", e);
    }
  }

  /// @param facts of the snapshot's databases, by their paths there
  private void compare(Replacement it, Map<String, SourceFacts> facts) {
    if (it.kind() == Replacement.Kind.DATABASE) {
      compare(it.live(), it.engine(), Optional.ofNullable(facts.get(it.from())), it.liveInode());
      return;
    }
    if (it.kind() == Replacement.Kind.FOLDER) {
      new TreeMap<>(facts)
          .forEach((path, then) -> {
            if (Paths.isWithin(it.from(), path)) {
              String live = it.live() + path.substring(it.from().length());
              compare(live, Optional.empty(), Optional.of(then), it.liveInode());
            }
          });
    }
  }

  private void compare(
      String live, Optional<String> engine, Optional<SourceFacts> then, long liveInode) {
    Optional<SourceFacts> now = liveInode == 0 ? Optional.empty() : look(live, engine);
    if (then.isEmpty() || now.isEmpty()) {
      counted = counted && liveInode == 0;
      return;
    }
    warnIfNewer(live, now.get(), then.get());
    changes.addAll(Preview.TableChange.between(live, now.get().tables(), then.get().tables()));
  }

  /// Hard links: whoever uses the file by another of them does not see the new state.
  private void warnOfOtherNames(String live) {
    LivePath.of(live)
        .stat()
        .filter(stat -> stat.isRegular() && stat.links() > 1)
        .ifPresent(stat ->
            warnings.add(
                "%s has %d names: the others keep the present state"
                    .formatted(OsString.display(live), stat.links())));
  }

  /// A program that wrote the present state may not read a newer format.
  private void warnIfNewer(String live, SourceFacts now, SourceFacts then) {
    Optional<Long> present = storageVersion(now);
    Optional<Long> past = storageVersion(then);
    if (present.isPresent() && past.isPresent() && past.get() > present.get()) {
      warnings.add(
          "%s has storage version %d in the snapshot and %d now: an older program may not read it"
              .formatted(OsString.display(live), past.get(), present.get()));
    }
  }

  private static Optional<Long> storageVersion(SourceFacts facts) {
    return Optional.ofNullable(facts.properties().get(SourceFacts.STORAGE_VERSION))
        .filter(text -> text.chars().allMatch(c -> c >= '0' && c <= '9') && text.length() < 10)
        .map(Long::valueOf);
  }

  private Optional<SourceFacts> look(String live, Optional<String> name) {
    for (DatabaseEngine engine : engines) {
      Optional<DatabaseRecovery> recovery = engine.recovery();
      if (recovery.isPresent() && name.map(engine.name()::equals).orElse(true)) {
        Optional<SourceFacts> facts = recovery.get().look(live);
        if (facts.isPresent()) {
          return facts;
        }
      }
    }
    return Optional.empty();
  }
}
