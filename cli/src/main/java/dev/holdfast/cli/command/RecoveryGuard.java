package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.backup.BackupRequest;
import dev.holdfast.engine.recover.RecoveryWatch;
import dev.holdfast.repository.write.WriteGate;
import java.util.ArrayList;
import java.util.List;

/// Keeps backups and recoveries of the same data apart: a backup does not begin while one is under
/// way, and stores nothing if one has put something in place since, as it has read some of before
/// and some of after. Made before anything is looked at. Not thread-safe, but its gate is.
final class RecoveryGuard {
  private final Session session;
  private final RecoveryWatch watch;
  private final List<String> claims = new ArrayList<>();

  RecoveryGuard(Session session) {
    this.session = session;
    this.watch = new RecoveryWatch(OwnRecoveries.folder(session));
  }

  /// Guards what lies at these paths.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Locked if it is being recovered
  void paths(List<String> paths) {
    OwnRecoveries.refuseBusy(session, paths);
    paths.forEach(path -> claims.add(OwnRecoveries.known(session, path)));
  }

  /// Guards databases on servers.
  ///
  /// @param databases [dev.holdfast.engine.recover.plan.ServerDatabase#claim]
  /// @throws dev.holdfast.repository.error.HoldfastException.Locked if one is being recovered
  void databases(List<String> databases) {
    OwnRecoveries.refuseBusyDatabases(session, databases);
    claims.addAll(databases);
  }

  /// The same backup, which stores nothing once any of that was recovered.
  BackupRequest guard(BackupRequest request) {
    return request.withGate(new Gate(request.writer().gate(), watch, List.copyOf(claims)));
  }

  private record Gate(WriteGate lock, RecoveryWatch watch, List<String> claims)
      implements WriteGate {
    @Override
    public void check() {
      lock.check();
      watch.refuseRecovered(claims);
    }

    @Override
    public void checkUnseen() {
      lock.checkUnseen();
    }
  }
}
