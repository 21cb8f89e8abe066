package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.FromRepositoryOptions;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.rewrite.Copying;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.copy.CopyResult;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Copies an app's snapshots, after its backup, to the further repositories that the configuration
/// names. What is newer than the newest one of the same host there is copied: what is older was
/// forgotten there.
final class AppCopies {
  private final Session session;
  private final App app;

  /// @param session on the app's own repository
  AppCopies(Session session, App app) {
    this.session = session;
    this.app = app;
  }

  /// Copies to each of them, whatever becomes of the others; gives the exit status.
  int run() {
    int status = ExitCode.DONE;
    for (String name : app.proof().copies()) {
      try {
        if (copyTo(name).refused() > 0) {
          status = ExitCode.DONE_IN_PART;
        }
      } catch (HoldfastException.Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        status = ExitCode.DONE_IN_PART;
        Failure failure = Failure.of(e);
        new Failure(
                ExitCode.DONE_IN_PART,
                "the backup was not copied to '" + name + "': " + failure.message(),
                failure.hint())
            .print(session.console(), session.globals().json());
      }
    }
    return status;
  }

  private CopyResult copyTo(String name) {
    Session there = FromRepositoryOptions.configured(session, name);
    try (RepositoryAccess source = session.open(Optional.of(LockMode.SHARED));
        RepositoryAccess target = there.open(Optional.of(LockMode.SHARED))) {
      Map<String, Instant> newest = new HashMap<>();
      for (SnapshotView view : snapshots(target.repository())) {
        newest.merge(
            view.hostname(),
            view.time().toInstant(),
            (one, other) -> one.isAfter(other) ? one : other);
      }
      List<SnapshotView> wanted =
          snapshots(source.repository()).stream()
              .filter(view ->
                  view.time()
                      .toInstant()
                      .isAfter(newest.getOrDefault(view.hostname(), Instant.MIN)))
              .toList();
      Purged purged = Purged.copying(source.repository(), target.repository());
      return new Copying(
              source.repository(),
              target.repository(),
              there.writerOptions().withGate(target.gate()),
              session.clock())
          .copy(wanted, new CopyOutput(session), purged::objection);
    }
  }

  private List<SnapshotView> snapshots(Repository repository) {
    return new Snapshots(repository)
        .select(List.of(), AppSnapshots.of(app.name(), SnapshotFilter.ALL));
  }
}
