package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppBackup;
import dev.holdfast.engine.app.AppDump;
import dev.holdfast.engine.backup.BackupReport;
import dev.holdfast.engine.backup.BackupRequest;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.boundary.Boundary;
import dev.holdfast.engine.config.boundary.Member;
import dev.holdfast.engine.hook.HookedRun;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// Makes the backups that a command line names: one for each app, and one of everything else. An
/// app that fails does not keep the others from being backed up.
final class BackupExecution {
  private final Session session;
  private final BiFunction<BackupTargets, RepositoryAccess, BackupRequest> requests;
  private final Optional<LockMode> lock;
  private final String kind;
  private final boolean dryRun;

  /// @param requests what was asked for, without app and servers
  /// @param kind the kind of run, for apps
  BackupExecution(
      Session session,
      BiFunction<BackupTargets, RepositoryAccess, BackupRequest> requests,
      Optional<LockMode> lock,
      String kind,
      boolean dryRun) {
    this.session = session;
    this.requests = requests;
    this.lock = lock;
    this.kind = kind;
    this.dryRun = dryRun;
  }

  /// Makes all of them; gives the exit status.
  int run(BackupTargetOptions.Named named) {
    if (named.apps().size() + (named.hasPaths() ? 1 : 0) == 1) {
      return named.hasPaths() ? paths(named) : app(named.apps().getFirst());
    }
    int status = ExitCode.DONE;
    for (App app : named.apps()) {
      status = worse(status, oneOfSeveral(() -> app(app)));
    }
    return named.hasPaths() ? worse(status, oneOfSeveral(() -> paths(named))) : status;
  }

  /// One of several backups.
  private interface One {
    int run();
  }

  private int oneOfSeveral(One one) {
    try {
      return one.run();
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      Failure failure = Failure.of(e);
      failure.print(session.console(), session.globals().json());
      return failure.exitCode();
    }
  }

  /// Having failed is worse than being incomplete.
  private static int worse(int one, int other) {
    if (one == ExitCode.DONE || one == ExitCode.DONE_IN_PART) {
      return other == ExitCode.DONE ? one : other;
    }
    return one;
  }

  private int paths(BackupTargetOptions.Named named) {
    if (named.postgres().isEmpty()) {
      requireAny(named.targets()); // or a repository is made for nothing
    }
    RecoveryGuard guard = new RecoveryGuard(session);
    guard.paths(named.targets().paths());
    try (PostgresConnections servers = new PostgresConnections(session)) {
      return withRepository(
          () -> servers.ofAddresses(named.postgres()),
          (dumps, access) -> {
            guard.databases(servers.claims());
            List<VirtualFile> files = new ArrayList<>(named.targets().virtualFiles());
            dumps.forEach(dump -> files.add(dump.file()));
            BackupRequest plain =
                requests.apply(new BackupTargets(named.targets().paths(), files), access);
            BackupRequest request =
                plain.of(
                    plain.targets(),
                    BackupSubject.ofPaths(dumps.stream().map(AppDump::label).toList()),
                    plain.rules(),
                    plain.excludes(),
                    List.of());
            return finish(run(guard.guard(request), session.engines(), access));
          });
    }
  }

  /// Backs up what is found, in the repository. One that exists is opened first: its lock may have
  /// to be waited for, and its password to be typed, and what is found should be as things are
  /// then. One that does not is created for something.
  private <T, R> R withRepository(Supplier<T> search, BiFunction<T, RepositoryAccess, R> backup) {
    if (!dryRun && session.createsRepository()) {
      T found = search.get();
      try (RepositoryAccess access = open()) {
        return backup.apply(found, access);
      }
    }
    try (RepositoryAccess access = open()) {
      return backup.apply(search.get(), access);
    }
  }

  /// A dry run makes nothing: no repository and no password either.
  private RepositoryAccess open() {
    return dryRun ? session.open(lock) : session.openForBackup(lock);
  }

  private void requireAny(BackupTargets targets) {
    boolean json = session.globals().json();
    targets.requireAny(
        (path, reason) -> session.console().errorLine(ItemLines.problem(json, path, reason)));
  }

  private int app(App app) {
    session.useRepositoryOf(app);
    Configuration configuration = session.configuration().orElseThrow();
    if (dryRun) {
      return finish(backUp(app)); // whatever its hooks do, they would do it
    }
    HookedRun hooks =
        new HookedRun(
            configuration,
            app,
            session.location(),
            session.environment().variables(),
            line -> session.console().errorLine(line));
    AtomicInteger status = new AtomicInteger();
    List<String> warnings =
        hooks.around(() -> {
          BackupReport report = backUp(app);
          status.set(finish(report));
          RecoverConfirm.expire(session, app);
          return new HookedRun.Outcome(report.snapshotId(), failure(app, report));
        });
    warnings.forEach(warning -> session.console().errorLine("warning: " + warning));
    int ended = warnings.isEmpty() ? status.get() : worse(status.get(), ExitCode.DONE_IN_PART);
    return app.proof().copies().isEmpty() ? ended : worse(ended, new AppCopies(session, app).run());
  }

  private static Optional<String> failure(App app, BackupReport report) {
    return report.problems() == 0
        ? Optional.empty()
        : Optional.of("the backup of '" + app.name() + "' is not complete");
  }

  private BackupReport backUp(App app) {
    List<DatabaseEngine> engines = session.engines(app);
    try (PostgresConnections servers = new PostgresConnections(session)) {
      return withRepository(
          () -> found(app, engines, servers),
          (found, access) -> {
            BackupRequest base = requests.apply(BackupTargets.ofPaths(List.of()), access);
            BackupRequest request = found.backup().request(base, kind);
            return run(found.guard().guard(request), engines, access);
          });
    }
  }

  /// What there is of an app, and what keeps recoveries of it away.
  private record Found(AppBackup backup, RecoveryGuard guard) {}

  private Found found(App app, List<DatabaseEngine> engines, PostgresConnections servers) {
    RecoveryGuard guard = new RecoveryGuard(session);
    Boundary boundary = Boundary.expand(app, engines);
    guard.paths(boundary.members().stream().map(Member::path).toList());
    OwnRecoveries.refuseBusyServers(session, app);
    List<AppDump> dumps = servers.of(app);
    guard.databases(servers.claims());
    return new Found(new AppBackup(app, boundary, dumps, servers.unreachable()), guard);
  }

  private BackupReport run(
      BackupRequest request, List<DatabaseEngine> engines, RepositoryAccess access) {
    try (BackupProgress progress = new BackupProgress(session)) {
      return request.run(
          access.repository(), engines, session.user(), session.clock(), this::announce, progress);
    }
  }

  private void announce(Optional<String> parent) {
    if (session.globals().json() || session.globals().quiet()) {
      return;
    }
    session
        .console()
        .line(
            parent
                .map(id -> "using parent snapshot " + id)
                .orElse("no parent snapshot found, will read all files"));
    session.console().flush(); // a script that watches wants to know that it has begun
  }

  private int finish(BackupReport report) {
    BackupSummary.print(session, report, dryRun);
    if (report.problems() == 0) {
      return ExitCode.DONE;
    }
    new Failure(
            ExitCode.DONE_IN_PART,
            "at least one source file could not be read",
            "the messages above name them; everything else is in the snapshot")
        .print(session.console(), session.globals().json());
    return ExitCode.DONE_IN_PART;
  }
}
