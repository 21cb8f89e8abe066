package dev.holdfast.engine.recover;

import dev.holdfast.engine.app.AppDump;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.app.PostgresDumps;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.plan.PlanRequest;
import dev.holdfast.engine.recover.plan.PlannedDatabase;
import dev.holdfast.engine.recover.plan.Planner;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.recover.server.ServerPlanner;
import dev.holdfast.engine.recover.server.ServerTarget;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.postgres.PostgresServer;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.engine.source.postgres.Silence;
import dev.holdfast.testkit.PostgresServerProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A database of a server, its backups, and the shortest ways to recover it.
final class DatabaseScene {
  private final Place place;
  private final PostgresServerProcess server;
  private final String database;
  private String user = PostgresServerProcess.USER;
  private boolean overTcp;
  private Optional<Integer> port = Optional.empty();
  private ServiceSettings service = ServiceSettings.NONE;
  private String parameters = "";
  private boolean restorePoint = true;
  private Optional<String> mask = Optional.empty();
  private Map<String, String> claimed = Map.of();

  DatabaseScene(Place place, PostgresServerProcess server, String database) {
    this.place = place;
    this.server = server;
    this.database = database;
  }

  DatabaseScene as(String name) {
    user = name;
    return this;
  }

  /// With something more in its address.
  DatabaseScene by(String more) {
    parameters = "&" + more;
    return this;
  }

  /// With the password that the environment has.
  DatabaseScene overTcp() {
    overTcp = true;
    return this;
  }

  /// Through another port, with the superuser's password.
  DatabaseScene through(int other) {
    port = Optional.of(other);
    place.withServerPassword(PostgresServerProcess.PASSWORD);
    return overTcp();
  }

  DatabaseScene with(ServiceSettings settings) {
    service = settings;
    return this;
  }

  DatabaseScene masked(String statements) {
    mask = Optional.of(statements);
    return this;
  }

  DatabaseScene withoutRestorePoint() {
    restorePoint = false;
    return this;
  }

  /// What the manifest is made to say besides.
  DatabaseScene claiming(Map<String, String> properties) {
    claimed = properties;
    return this;
  }

  private PostgresSettings settings() {
    String address = overTcp ? server.tcpAddress("postgres") : server.address("postgres");
    String there =
        port.map(other -> address.replace(":" + server.port(), ":" + other)).orElse(address);
    return PostgresSettings.parse(
        there.replace("postgres@", user + "@") + parameters, place.servers().environment());
  }

  String path() {
    return PostgresDumps.path(database);
  }

  SnapshotView backUp(Path... files) {
    try (PostgresServer connected =
        PostgresServer.connect(
            PostgresSettings.parse(server.address(database), place.servers().environment()),
            place.servers().environment(),
            Clock.systemUTC(),
            Silence.UNTOLD)) {
      AppDump dump = PostgresDumps.of(connected, database, database, path());
      return place.backUp(
          new BackupTargets(Stream.of(files).map(Path::toString).toList(), List.of(dump.file())),
          BackupSubject.ofPaths(List.of(dump.label())),
          Place.engines(),
          Clock.systemUTC());
    }
  }

  private SourceFacts facts(SnapshotView snapshot) {
    Manifest manifest = new AppSnapshots(place.repository()).manifest(snapshot).orElseThrow();
    SourceFacts facts = manifest.source(path()).map(ManifestSource::facts).orElseThrow();
    Map<String, String> properties = new HashMap<>(facts.properties());
    properties.putAll(claimed);
    return new SourceFacts(
        claimed.getOrDefault("engine", facts.engineVersion()),
        facts.instant(),
        facts.tables(),
        facts.schemaFingerprint(),
        properties,
        facts.warnings());
  }

  Preview preview(SnapshotView snapshot, Path... files) {
    return preview(snapshot, database, files);
  }

  /// @param target the name of the database that is replaced
  Preview preview(SnapshotView snapshot, String target, Path... files) {
    SourceFacts facts = facts(snapshot);
    Map<String, SourceFacts> all = new HashMap<>(Map.of(path(), facts));
    place.expecting(all);
    PlannedDatabase planned =
        new ServerPlanner(
                place.servers().environment(), Clock.systemUTC(), new SplittableRandom(), _ -> {})
            .plan(
                new ServerTarget(
                    Optional.empty(),
                    settings(),
                    target,
                    Optional.of(path()),
                    PostgresDumps.path(target),
                    1,
                    Optional.of(facts),
                    Optional.empty(),
                    mask),
                restorePoint);
    List<Target> targets = new ArrayList<>();
    for (Path file : files) {
      targets.add(new Target(file.toString(), file.toString()));
    }
    return new Planner(
            place.repository(), Place.engines(), Clock.systemUTC(), new SplittableRandom())
        .plan(
            new PlanRequest(
                target,
                Optional.empty(),
                Optional.empty(),
                "here",
                snapshot,
                all,
                targets,
                List.of(),
                List.of(planned),
                service,
                restorePoint));
  }

  Outcome recover(SnapshotView snapshot, Path... files) {
    return recover(RecoverObserver.NONE, snapshot, files);
  }

  Outcome recover(RecoverObserver observer, SnapshotView snapshot, Path... files) {
    return place.recoveries().run(preview(snapshot, files).plan(), place.means(observer));
  }

  String sql(String statements) {
    return server.sql(database, statements);
  }

  /// The databases whose names begin like this one's, in the order of their names.
  List<String> databases() {
    return server
        .sql(
            "postgres",
            "SELECT datname FROM pg_database WHERE datname LIKE '" + database + "%' ORDER BY 1")
        .lines()
        .toList();
  }

  /// Waits until somebody else is connected.
  void awaitClient() {
    String clients =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '"
            + database
            + "' AND state = 'active'";
    while (server.sql("postgres", clients).equals("0")) {
      Thread.onSpinWait();
    }
  }

  /// What the manifest would say of another dump.
  SourceFacts wrongFacts(SnapshotView snapshot) {
    SourceFacts facts = facts(snapshot);
    List<TableRows> tables = new ArrayList<>(facts.tables());
    TableRows first = tables.getFirst();
    tables.set(0, new TableRows(first.name(), first.rows() + 1, true));
    return new SourceFacts(
        facts.engineVersion(),
        facts.instant(),
        tables,
        facts.schemaFingerprint(),
        facts.properties(),
        facts.warnings());
  }
}
