package dev.holdfast.engine.retention;

import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What is kept of a group of snapshots: what any of the rules wants. Restic's rules with restic's
/// results (format sheet, section 12).
///
/// @param counts how many spans of a kind are kept, of those that hold a snapshot; [#UNLIMITED] for
///   all of them
/// @param within everything this long before the newest is kept
/// @param spansWithin one of each span this long before the newest is kept
/// @param tags what has all tags of one of these lists is kept; the empty list stands for none
public record KeepRules(
    Map<Span, Integer> counts,
    Period within,
    Map<Span, Period> spansWithin,
    List<List<String>> tags) {
  public static final int UNLIMITED = -1;

  /// The beginning of a reason that time does not take away.
  static final String HAS_TAGS = "has tags ";

  /// Keeps nothing; as a policy it is refused by whoever executes one.
  public static final KeepRules NOTHING = new KeepRules(Map.of(), Period.NONE, Map.of(), List.of());

  public KeepRules {
    counts = copy(counts);
    spansWithin = copy(spansWithin);
    tags = tags.stream().map(List::copyOf).toList();
    for (Map.Entry<Span, Integer> count : counts.entrySet()) {
      if (count.getValue() < UNLIMITED) {
        throw new IllegalArgumentException(count.getKey().word() + " " + count.getValue());
      }
    }
  }

  private static <T> Map<Span, T> copy(Map<Span, T> map) {
    Map<Span, T> copy = new EnumMap<>(Span.class);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }

  /// Reads a count as options take it: a number from 1, or `unlimited`.
  ///
  /// @throws HoldfastException.Rejected for anything else, 0 included: who writes it may mean none
  ///   or all
  public static int parseCount(String option, String text) {
    if (text.equals("unlimited")) {
      return UNLIMITED;
    }
    int count;
    try {
      count = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new HoldfastException.Rejected(
          option + " '" + text + "' is no count", "write a number, or 'unlimited'");
    }
    if (count < 1) {
      throw new HoldfastException.Rejected(
          option + " '" + text + "' is below 1",
          "leave the option out if it is not to keep anything, or write 'unlimited' for all");
    }
    return count;
  }

  /// Whether no rule would keep anything.
  public boolean isEmpty() {
    return counts.values().stream().allMatch(count -> count == 0)
        && within.isZero()
        && spansWithin.values().stream().allMatch(Period::isZero)
        && tags.isEmpty();
  }

  int count(Span span) {
    return counts.getOrDefault(span, 0);
  }

  Period spanWithin(Span span) {
    return spansWithin.getOrDefault(span, Period.NONE);
  }

  /// The rules in a sentence, as restic says it.
  @Override
  public String toString() {
    List<String> kept = new ArrayList<>();
    for (Span span : Span.values()) {
      String name = span == Span.LAST ? "latest" : span.word();
      if (count(span) > 0) {
        kept.add(count(span) + " " + name);
      } else if (count(span) == UNLIMITED) {
        kept.add("all " + name);
      }
    }
    List<String> parts = new ArrayList<>();
    if (!kept.isEmpty()) {
      parts.add(String.join(", ", kept) + " snapshots");
    }
    for (Span span : Span.values()) {
      if (!spanWithin(span).isZero()) {
        parts.add("%s snapshots within %s".formatted(span.word(), spanWithin(span)));
      }
    }
    String text = String.join(", ", parts);
    if (!tags.isEmpty()) {
      text += (text.isEmpty() ? "" : " and ") + "all snapshots with tags " + tagText();
    }
    if (!within.isZero()) {
      text += (text.isEmpty() ? "" : " and ") + "all snapshots within " + within + " of the newest";
    }
    return text.isEmpty() ? "remove" : "keep " + text;
  }

  private String tagText() {
    return "[" + String.join(" ", tags.stream().map(KeepRules::listText).toList()) + "]";
  }

  static String listText(List<String> tagList) {
    return "[" + String.join(", ", tagList) + "]";
  }
}
