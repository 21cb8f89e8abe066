package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.FromRepositoryOptions;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.engine.query.SnapshotGroups.GroupBy;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// Forgets what the configuration does not keep of an app: in its own repository and in each that
/// its snapshots are copied to, by the rules of each.
final class ForgetApps {
  private final Session session;
  private final Configuration configuration;
  private final SnapshotFilter filter;
  private final GroupBy grouping;

  /// Makes what works on one repository.
  private final BiFunction<Session, ForgetOutput.Place, ForgetRun> runs;

  /// A repository of an app.
  ///
  /// @param policy empty: everything is kept there
  private record Place(Session session, String name, Optional<RetentionPolicy> policy) {}

  ForgetApps(
      Session session,
      Configuration configuration,
      SnapshotFilter filter,
      GroupBy grouping,
      BiFunction<Session, ForgetOutput.Place, ForgetRun> runs) {
    this.session = session;
    this.configuration = configuration;
    this.filter = filter;
    this.grouping = grouping;
    this.runs = runs;
  }

  /// Forgets in each of the app's repositories, whatever becomes of the others; gives the exit
  /// status. With a repository named by an option, in that one alone.
  ///
  /// @throws HoldfastException.Rejected if nothing says what is kept
  int run(App app) {
    List<Place> places = places(app);
    if (places.stream().allMatch(place -> place.policy.isEmpty())) {
      throw new HoldfastException.Rejected(
          "%s does not say what is kept of the app '%s', so nothing is removed"
              .formatted(configuration.file(), app.name()),
          "write 'keep' under the app or its repository, or use --app with options such as"
              + " --keep-daily 7");
    }
    int status = ExitCode.DONE;
    for (Place place : places) {
      if (place.policy.isEmpty()) {
        session.notice(
            "in %s nothing is removed: the configuration does not say what is kept there"
                .formatted(place.name));
        continue;
      }
      int its = places.size() == 1 ? run(app, place, place.policy.get()) : attempt(app, place);
      status = its == ExitCode.DONE ? status : ExitCode.DONE_IN_PART;
    }
    return status;
  }

  private List<Place> places(App app) {
    session.useRepositoryOf(app);
    List<Place> places = new ArrayList<>();
    Optional<RepositorySettings> own = configuration.repositoryAt(session.location());
    places.add(
        new Place(
            session,
            own.map(RepositorySettings::name).orElse(session.location()),
            configuration.retention(app, own)));
    if (!session.namesRepository()) {
      for (String copy : app.proof().copies()) {
        Optional<RepositorySettings> settings =
            Optional.ofNullable(configuration.repositories().get(copy));
        places.add(
            new Place(
                FromRepositoryOptions.configured(session, copy),
                copy,
                configuration.retention(app, settings)));
      }
    }
    return places;
  }

  private int attempt(App app, Place place) {
    try {
      return run(app, place, place.policy.orElseThrow());
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      Failure failure = Failure.of(e);
      new Failure(
              ExitCode.DONE_IN_PART,
              "nothing was removed in '" + place.name + "': " + failure.message(),
              failure.hint())
          .print(session.console(), session.globals().json());
      return ExitCode.DONE_IN_PART;
    }
  }

  private int run(App app, Place place, RetentionPolicy policy) {
    ForgetRun run = runs.apply(place.session, new ForgetOutput.Place(app.name(), place.name));
    try (RepositoryAccess access = run.open()) {
      List<SnapshotView> selected =
          new Snapshots(access.repository()).select(List.of(), AppSnapshots.of(app.name(), filter));
      // The newest complete snapshot of an app stays whatever the rules are; restore points may
      // all have had their time.
      return run.remove(run.decide(access, selected, grouping, policy, true), access);
    }
  }
}
