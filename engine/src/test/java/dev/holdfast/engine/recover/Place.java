package dev.holdfast.engine.recover;

import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.backup.BackupObserver;
import dev.holdfast.engine.backup.BackupRequest;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.files.PosixFiles;
import dev.holdfast.engine.recover.journal.JournalFolder;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.PlanRequest;
import dev.holdfast.engine.recover.plan.Planner;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.recover.server.ServerAccess;
import dev.holdfast.engine.recover.service.Outside;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.duckdb.Images;
import dev.holdfast.engine.source.files.SelectionRules;
import dev.holdfast.engine.source.sqlite.SqliteEngine;
import dev.holdfast.engine.source.sqlite.SqliteOptions;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.InitOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.lock.Holder;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.write.WriterOptions;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A repository, a folder of journals, and the shortest ways to back up and recover.
final class Place implements AutoCloseable {
  static final String HOST = "testhost";
  private static final byte[] PASSWORD = "correct horse".getBytes(StandardCharsets.UTF_8);

  private final Path folder;
  private final Repository repository;
  private final FaultyStore store;
  private LiveFiles files = new PosixFiles();
  private final List<RecoverEvent> events = new ArrayList<>();
  private Map<String, SourceFacts> facts = Map.of();
  private ServiceSettings service = ServiceSettings.NONE;
  private Outside outside = Outside.ofProcess();
  private boolean restorePoint = true;
  private Optional<String> password = Optional.empty();
  private Path temporary;

  private Place(Path folder, Repository repository, FaultyStore store) {
    this.folder = folder;
    this.store = store;
    this.repository = repository;
    this.temporary = folder;
  }

  /// What servers are told by `PGPASSWORD`.
  Place withServerPassword(String value) {
    password = Optional.of(value);
    return this;
  }

  /// Where copies of dumps are held.
  Place withTemporary(Path where) {
    temporary = where;
    return this;
  }

  static Place in(Path folder) {
    LocalStore local = new LocalStore(folder.resolve("repository"));
    local.create();
    FaultyStore store = new FaultyStore(local, FaultPlan.none());
    KeyringOptions keys =
        new KeyringOptions(HOST, "tester", new ScryptParameters(1024, 8, 1), false);
    return new Place(folder, Repository.init(store, PASSWORD.clone(), InitOptions.of(keys)), store);
  }

  static List<DatabaseEngine> engines() {
    return List.of(
        new SqliteEngine(
            SqliteOptions.defaults()
                .withPatience(Duration.ofSeconds(2))
                .withLeftAlone(Duration.ZERO)),
        Images.engine(Path.of(System.getProperty("java.io.tmpdir"))));
  }

  /// The repository's, which can be told to fail.
  FaultyStore store() {
    return store;
  }

  /// Recovers through this layer from now on.
  Place with(LiveFiles layer) {
    files = layer;
    return this;
  }

  Repository repository() {
    return repository;
  }

  List<RecoverEvent> events() {
    return events;
  }

  Place with(ServiceSettings settings) {
    service = settings;
    return this;
  }

  Place with(Outside surroundings) {
    outside = surroundings;
    return this;
  }

  Place expecting(Map<String, SourceFacts> expected) {
    facts = expected;
    return this;
  }

  /// Expects what the manifest of the snapshot says.
  Place expectingManifestOf(SnapshotView snapshot) {
    Map<String, SourceFacts> listed = new java.util.HashMap<>();
    new AppSnapshots(repository)
        .manifest(snapshot).orElseThrow().sources().stream()
            .filter(source -> !source.facts().tables().isEmpty())
            .forEach(source -> listed.put(source.path(), source.facts()));
    return expecting(listed);
  }

  Place withoutRestorePoint() {
    restorePoint = false;
    return this;
  }

  /// Backs up; returns the snapshot.
  SnapshotView backUp(Path... paths) {
    return backUp(engines(), paths);
  }

  /// Backs up as a program does that knows no databases.
  SnapshotView backUpAsFiles(Path... paths) {
    return backUp(List.of(), paths);
  }

  private SnapshotView backUp(List<DatabaseEngine> engines, Path... paths) {
    return backUp(
        BackupTargets.ofPaths(Stream.of(paths).map(Path::toString).toList()),
        BackupSubject.PATHS,
        engines,
        clock());
  }

  /// Backs up what may also be in no file.
  SnapshotView backUp(
      BackupTargets targets, BackupSubject subject, List<DatabaseEngine> engines, Clock clock) {
    BackupRequest request =
        new BackupRequest(
            targets,
            SelectionRules.EVERYTHING,
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Set.of(),
            WriterOptions.DEFAULT,
            Path.of("").toAbsolutePath().toString(),
            subject,
            "holdfast test");
    String id =
        request
            .run(repository, engines, user(), clock, _ -> {}, BackupObserver.NONE)
            .snapshotId()
            .orElseThrow();
    return new Snapshots(repository).find(id, SnapshotFilter.ALL).snapshot();
  }

  static Holder user() {
    return new Holder(HOST, "tester", Posix.getpid(), Posix.getuid(), Posix.getgid());
  }

  private static Clock clock() {
    return Clock.systemUTC();
  }

  Preview preview(SnapshotView snapshot, Path... paths) {
    List<Target> targets =
        Stream.of(paths).map(path -> new Target(path.toString(), path.toString())).toList();
    return preview(snapshot, targets);
  }

  Preview preview(SnapshotView snapshot, List<Target> targets) {
    return new Planner(repository, engines(), Clock.systemUTC(), new SplittableRandom())
        .plan(
            new PlanRequest(
                "app",
                Optional.empty(),
                Optional.empty(),
                "here",
                snapshot,
                facts,
                targets,
                List.of(),
                List.of(),
                service,
                restorePoint));
  }

  Recoveries recoveries() {
    return new Recoveries(
        folder.resolve("state"),
        files,
        engines(),
        Clock.systemUTC(),
        new SplittableRandom(),
        outside,
        servers());
  }

  /// Without anybody's settings for PostgreSQL.
  ServerAccess servers() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("PG"));
    password.ifPresent(value -> environment.put("PGPASSWORD", value));
    return ServerAccess.of(environment, clock(), temporary);
  }

  Recoveries.Means means(RecoverObserver observer) {
    RecoverObserver both =
        event -> {
          events.add(event);
          observer.on(event);
        };
    return new Recoveries.Means(
        () -> repository, () -> facts, (plan, told) -> restorePoint(plan, told), both);
  }

  private RestorePoint restorePoint(Plan plan, RecoverObserver observer) {
    return new BackupRestorePoint(
        () -> repository,
        plan,
        new BackupRestorePoint.Origin(
            engines(),
            user(),
            clock(),
            folder.toString(),
            "holdfast test",
            List.of(),
            List.of(),
            servers(),
            () -> WriterOptions.DEFAULT),
        observer);
  }

  Outcome recover(SnapshotView snapshot, Path... paths) {
    return recover(RecoverObserver.NONE, snapshot, paths);
  }

  Outcome recover(RecoverObserver observer, SnapshotView snapshot, Path... paths) {
    return recoveries().run(preview(snapshot, paths).plan(), means(observer));
  }

  /// The journals that have not ended.
  List<JournalFolder.Listed> open() {
    return recoveries().list().stream()
        .filter(listed -> listed.journal().ending().isEmpty())
        .toList();
  }

  static String sqlite(Path database, String sql) {
    return Command.of("sqlite3", "-bail", database.toString(), sql)
        .run()
        .succeeded()
        .output()
        .strip();
  }

  static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    repository.close();
  }
}
