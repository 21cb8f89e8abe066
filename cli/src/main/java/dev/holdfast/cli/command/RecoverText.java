package dev.holdfast.cli.command;

import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replacement;
import java.time.Duration;
import java.util.List;

/// Words about recoveries.
final class RecoverText {
  private static final int HOURS_SHOWN = 48;
  private static final int MINUTES_SHOWN = 120;

  private RecoverText() {}

  /// The safety copies that a plan leaves.
  static List<String> copies(Plan plan) {
    return plan.replacements().stream()
        .filter(it -> it.liveInode() != 0)
        .map(Replacement::safety)
        .toList();
  }

  /// An age in one unit that says enough.
  static String age(Duration age) {
    if (age.toMinutes() < MINUTES_SHOWN) {
      return age.toMinutes() + " minutes";
    }
    return age.toHours() < HOURS_SHOWN ? age.toHours() + " hours" : age.toDays() + " days";
  }

  static String kind(Replacement it) {
    return switch (it.kind()) {
      case DATABASE -> it.engine().orElse("") + " database";
      case FILE -> "file";
      case FOLDER -> "folder";
    };
  }

  static String action(Replacement it) {
    return switch (it.action()) {
      case REPLACE -> "replace";
      case CREATE -> "create";
      case REMOVE -> "put aside";
    };
  }
}
