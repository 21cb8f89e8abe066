package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.recover.SafetyCopies;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replaced;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.repository.error.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Words about recoveries.
final class RecoverText {
  private static final int HOURS_SHOWN = 48;
  private static final int MINUTES_SHOWN = 120;

  private RecoverText() {}

  /// The safety copies that a plan leaves.
  static List<String> copies(Plan plan) {
    return plan.replaced().stream().map(RecoverText::copy).filter(copy -> !copy.isEmpty()).toList();
  }

  /// Those that are there.
  static List<String> copies(SafetyCopies.Kept kept) {
    return Stream.concat(
            kept.paths().stream(), kept.databases().stream().map(ServerDatabase::safety))
        .toList();
  }

  /// What they take up: of databases only their server knows.
  static String size(SafetyCopies.Kept kept) {
    int databases = kept.databases().size();
    String onServers =
        databases == 1 ? "a database of a server" : databases + " databases of servers";
    if (kept.paths().isEmpty()) {
      return onServers;
    }
    return Sizes.bytes(kept.bytes()) + (databases == 0 ? "" : " and " + onServers);
  }

  /// The safety copy that stays of something; empty for none.
  static String copy(Replaced it) {
    boolean stays =
        it.hadSomething() && !(it instanceof ServerDatabase database && isInPlace(database));
    return stays ? it.safety() : "";
  }

  /// Whether the content of a database is replaced instead of the database.
  static boolean isInPlace(ServerDatabase database) {
    return database.way() == ServerDatabase.Way.IN_PLACE;
  }

  /// An age in one unit that says enough.
  static String age(Duration age) {
    if (age.toMinutes() < 0) {
      return "in " + age(age.negated());
    }
    if (age.toMinutes() < MINUTES_SHOWN) {
      return Quantity.of(age.toMinutes(), "minute");
    }
    return age.toHours() < HOURS_SHOWN ? age.toHours() + " hours" : age.toDays() + " days";
  }

  /// When something was that is so old.
  static String ago(Duration age) {
    return age.toMinutes() < 0 ? age(age) : age(age) + " ago";
  }

  static String kind(Replaced it) {
    return switch (it) {
      case Replacement file ->
          switch (file.kind()) {
            case DATABASE -> file.engine().orElse("") + " database";
            case FILE -> "file";
            case FOLDER -> "folder";
          };
      case ServerDatabase _ -> "postgres database";
    };
  }

  static String action(Replaced it) {
    return switch (it.action()) {
      case REPLACE -> "replace";
      case CREATE -> "create";
      case REMOVE -> "put aside";
    };
  }
}
