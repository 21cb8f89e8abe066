package dev.holdfast.engine.recover;

import dev.holdfast.engine.app.AppDump;
import dev.holdfast.engine.app.PostgresDumps;
import dev.holdfast.engine.backup.BackupEvent;
import dev.holdfast.engine.backup.BackupReport;
import dev.holdfast.engine.backup.BackupRequest;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replaced;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.recover.server.ServerAccess;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.files.SelectionRules;
import dev.holdfast.engine.source.postgres.PostgresServer;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.Holder;
import dev.holdfast.repository.write.WriterOptions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A restore point in the repository that the recovery is from: what will be replaced, as it is
/// now, live, under the tag `pre-restore`.
public final class BackupRestorePoint implements RestorePoint {

  private final Supplier<Repository> repository;
  private final Plan plan;
  private final Origin origin;
  private final RecoverObserver observer;
  private final AtomicLong total = new AtomicLong();

  /// Who makes the backup, and how.
  ///
  /// @param tags of the app's own, besides `pre-restore`
  /// @param labels what the app calls the paths that belong to it
  /// @param version such as `holdfast 0.1.0`
  /// @param servers how the databases of servers are reached
  /// @param writer asked when the repository is open
  public record Origin(
      List<DatabaseEngine> engines,
      Holder user,
      Clock clock,
      String workingDirectory,
      String version,
      List<String> tags,
      List<BackupSubject.Label> labels,
      ServerAccess servers,
      Supplier<WriterOptions> writer) {
    public Origin {
      engines = List.copyOf(engines);
      tags = List.copyOf(tags);
      labels = List.copyOf(labels);
    }
  }

  public BackupRestorePoint(
      Supplier<Repository> repository, Plan plan, Origin origin, RecoverObserver observer) {
    this.repository = repository;
    this.plan = plan;
    this.origin = origin;
    this.observer = observer;
  }

  @Override
  public Optional<String> take() {
    List<String> paths =
        plan.replacements().stream()
            .filter(it -> it.liveInode() != 0)
            .map(Replacement::live)
            .toList();
    List<ServerDatabase> databases =
        plan.databases().stream().filter(Replaced::hadSomething).toList();
    if (paths.isEmpty() && databases.isEmpty()) {
      return Optional.empty();
    }
    List<PostgresServer> servers = new ArrayList<>();
    try {
      List<AppDump> dumps = new ArrayList<>();
      for (ServerDatabase it : databases) {
        PostgresServer server =
            origin
                .servers()
                .connectForBackup(
                    plan.app(), it, text -> observer.on(new RecoverEvent.Notice(text)));
        servers.add(server);
        dumps.add(
            PostgresDumps.of(server, it.server().source().orElse(it.live()), it.live(), it.path()));
      }
      return take(paths, dumps);
    } finally {
      servers.forEach(PostgresServer::close);
    }
  }

  private Optional<String> take(List<String> paths, List<AppDump> dumps) {
    BackupRequest request =
        new BackupRequest(
            new BackupTargets(paths, dumps.stream().map(AppDump::file).toList()),
            SelectionRules.EVERYTHING,
            List.of(),
            plan.app().isPresent()
                ? origin.tags() // those of apps have the other one of themselves
                : List.of(Manifest.RESTORE_POINT_TAG),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Set.of(),
            origin.writer().get(),
            origin.workingDirectory(),
            subject(
                Stream.concat(origin.labels().stream(), dumps.stream().map(AppDump::label))
                    .toList()),
            origin.version());
    return run(request);
  }

  /// All of it or nothing.
  private BackupSubject subject(List<BackupSubject.Label> labels) {
    return new BackupSubject(
        plan.app(),
        Manifest.RESTORE_POINT_TAG,
        labels,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        BackupSubject.OnFailure.FAIL);
  }

  private Optional<String> run(BackupRequest request) {
    AtomicReference<String> problem = new AtomicReference<>("");
    AtomicLong bytes = new AtomicLong();
    BackupReport report;
    try {
      report =
          request.run(
              repository.get(),
              origin.engines(),
              origin.user(),
              origin.clock(),
              _ -> {},
              event -> follow(event, problem, bytes));
    } catch (HoldfastException.Corrupt | HoldfastException.Unsupported e) {
      throw refused(String.valueOf(e.getMessage()));
    }
    if (report.problems() > 0) {
      throw refused(String.valueOf(problem.get()));
    }
    return report.snapshotId();
  }

  private static HoldfastException refused(String problem) {
    return new HoldfastException.Rejected(
        "the present state cannot be backed up: " + problem,
        "if it is beyond that, --no-restore-point goes on without: the present files are then kept"
            + " beside the new ones, and nowhere else");
  }

  private void follow(BackupEvent event, AtomicReference<String> problem, AtomicLong bytes) {
    switch (event) {
      case BackupEvent.Problem one ->
          problem.compareAndSet("", OsString.display(one.path()) + ": " + one.message());
      case BackupEvent.BytesDone done ->
          observer.on(
              new RecoverEvent.Progress(
                  Step.RESTORE_POINT, bytes.addAndGet(done.bytes()), total.get()));
      case BackupEvent.Warning warning -> {}
      case BackupEvent.Totals totals -> total.set(totals.bytes());
      case BackupEvent.FileStarted started -> {}
      case BackupEvent.ItemDone item -> {}
      case BackupEvent.Excluded excluded -> {}
    }
  }
}
