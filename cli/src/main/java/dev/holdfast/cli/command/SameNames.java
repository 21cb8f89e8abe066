package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Tells apart the recoveries of apps that have the same name in several configurations: a user has
/// one folder of journals for all of them.
final class SameNames {
  private final Session session;

  SameNames(Session session) {
    this.session = session;
  }

  /// The newest that is of this run's configuration.
  ///
  /// @param possible at least one, the newest first
  /// @param planOf what each of them carries out or has left
  /// @param name as a person gave it: an id, which is never two, or an app
  /// @param what they are, in a word
  /// @throws HoldfastException.Rejected if it cannot be told which one is meant
  <T> T choose(List<T> possible, Function<T, Plan> planOf, Optional<String> name, String what) {
    Plan newest = planOf.apply(possible.getFirst());
    if (name.equals(Optional.of(newest.id()))) {
      return possible.getFirst();
    }
    List<T> here =
        possible.stream()
            .filter(one -> !OwnRecoveries.isElsewhere(session, planOf.apply(one)))
            .toList();
    if (here.isEmpty()) {
      throw elsewhere(newest, what);
    }
    Plan chosen = planOf.apply(here.getFirst());
    if (!chosen.equals(newest)) {
      session.notice(
          "recovery %s is newer, and is left alone: it is of the app '%s' of %s"
              .formatted(newest.id(), shownApp(newest), shownFile(newest)));
    }
    for (T one : here) {
      Plan other = planOf.apply(one);
      if (isNamesake(chosen, other)) {
        throw either(chosen, other);
      }
    }
    return here.getFirst();
  }

  private static boolean isNamesake(Plan one, Plan other) {
    return one.app().isPresent()
        && one.app().equals(other.app())
        && one.configuration().isPresent()
        && other.configuration().isPresent()
        && !OwnRecoveries.isSameFile(one.configuration().get(), other.configuration().get());
  }

  private HoldfastException elsewhere(Plan plan, String what) {
    return new HoldfastException.Rejected(
        "the %s recovery %s is of the app '%s' of %s, and not of that of %s"
            .formatted(
                what,
                plan.id(),
                shownApp(plan),
                shownFile(plan),
                OsString.display(OwnRecoveries.configuration(session).orElse(""))),
        "name that configuration with -c, or the recovery by its id if it is meant all the same");
  }

  private static HoldfastException either(Plan one, Plan other) {
    return new HoldfastException.Rejected(
        "two apps '%s' have such recoveries: %s is of %s, and %s of %s"
            .formatted(shownApp(one), one.id(), shownFile(one), other.id(), shownFile(other)),
        "name one of the configurations with -c, or the recovery by its id");
  }

  private static String shownApp(Plan plan) {
    return OsString.display(plan.app().orElse(""));
  }

  private static String shownFile(Plan plan) {
    return OsString.display(plan.configuration().orElse(""));
  }
}
