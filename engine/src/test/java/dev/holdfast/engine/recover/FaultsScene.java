package dev.holdfast.engine.recover;

import static dev.holdfast.engine.recover.Place.names;
import static dev.holdfast.engine.recover.Place.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.files.PosixFiles;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.journal.JournalFolder;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.engine.source.duckdb.Images;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// An app of one kind of data, or several, with a service that runs: a file that says so, and a log
/// of what was asked of it. What the snapshot has is one of everything; now there are two.
final class FaultsScene implements AutoCloseable {
  /// What an app has.
  enum Part {
    SQLITE,
    DUCKDB,
    FILES,
    POSTGRES
  }

  /// Kinds of apps.
  enum Kind {
    SQLITE,
    DUCKDB,
    FILES,
    POSTGRES,
    /// All but DuckDB.
    MIXED;

    boolean has(Part part) {
      return this == MIXED ? part != Part.DUCKDB : name().equals(part.name());
    }

    int parts() {
      return Math.toIntExact(Stream.of(Part.values()).filter(this::has).count());
    }
  }

  static final String DATABASE = "faults";

  private final Kind kind;
  private final Path folder;
  private final Path data;
  private final PostgresServerProcess server;
  private final Place place;
  private final DatabaseScene scene;
  private final Path running;
  private final Path asked;
  private final SnapshotView snapshot;

  /// @param server on which there is no database [#DATABASE] yet
  FaultsScene(Kind kind, Path folder, PostgresServerProcess server) throws IOException {
    this.kind = kind;
    this.folder = folder.toRealPath();
    this.server = server;
    data = Files.createDirectory(this.folder.resolve("data"));
    running = this.folder.resolve("running");
    asked = this.folder.resolve("asked");
    place = Place.in(this.folder);
    scene = new DatabaseScene(place, server, DATABASE);
    if (kind.has(Part.POSTGRES)) {
      server.sql("postgres", "CREATE DATABASE " + DATABASE);
    }
    set(1);
    snapshot = kind.has(Part.POSTGRES) ? scene.backUp(paths()) : place.backUp(paths());
    if (kind == Kind.SQLITE || kind == Kind.DUCKDB) {
      place.expectingManifestOf(snapshot);
    }
    with(commands("true"));
    spoil();
  }

  Place place() {
    return place;
  }

  /// Recovers the database through another port than the server's.
  FaultsScene through(int port) {
    scene.through(port);
    return this;
  }

  /// Two of everything, and a service that runs and was asked for nothing.
  void spoil() throws IOException {
    set(2);
    Files.writeString(running, "");
    Files.writeString(asked, "");
    place.events().clear();
  }

  private Path users() {
    return data.resolve("users.db");
  }

  private Path hits() {
    return data.resolve("hits.duckdb");
  }

  private Path files() {
    return data.resolve("files");
  }

  private Path[] paths() {
    List<Path> paths = new ArrayList<>();
    if (kind.has(Part.SQLITE)) {
      paths.add(users());
    }
    if (kind.has(Part.DUCKDB)) {
      paths.add(hits());
    }
    if (kind.has(Part.FILES)) {
      paths.add(files());
    }
    return paths.toArray(Path[]::new);
  }

  private void set(int count) throws IOException {
    String rows = "INSERT INTO t SELECT * FROM (VALUES (1), (2)) AS v(x) WHERE v.x <= " + count;
    if (kind.has(Part.SQLITE)) {
      sqlite(
          users(),
          "CREATE TABLE IF NOT EXISTS t(x); DELETE FROM t; INSERT INTO t SELECT column1 FROM"
              + " (VALUES (1), (2)) WHERE column1 <= "
              + count);
    }
    if (kind.has(Part.DUCKDB)) {
      duckDb("CREATE TABLE IF NOT EXISTS t(x INTEGER)", "DELETE FROM t", rows);
    }
    if (kind.has(Part.FILES)) {
      Files.createDirectories(files());
      Files.deleteIfExists(files().resolve("2"));
      Files.writeString(files().resolve(Integer.toString(count)), "");
      Files.writeString(files().resolve("1"), "");
    }
    if (kind.has(Part.POSTGRES)) {
      scene.sql("CREATE TABLE IF NOT EXISTS t(x int); DELETE FROM t; " + rows);
    }
  }

  private String duckDb(String... statements) {
    try (Connection open = Images.connect(hits(), folder);
        Statement statement = open.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
        rows.next();
        return rows.getString(1);
      }
    } catch (SQLException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A service whose stop succeeds or fails as a command does.
  ServiceSettings commands(String stopping) {
    return ServiceSettings.of(
        ServiceSettings.shell(
            "echo stop >> %s; %s && rm -f %s".formatted(asked, stopping, running)),
        ServiceSettings.shell("touch %s; echo start >> %s".formatted(running, asked)),
        List.of("test", "-e", running.toString()));
  }

  void with(ServiceSettings service) {
    place.with(service);
    scene.with(service);
  }

  Preview preview() {
    return kind.has(Part.POSTGRES)
        ? scene.preview(snapshot, paths())
        : place.preview(snapshot, paths());
  }

  Outcome recover(RecoverObserver observer) {
    return recover(preview().plan(), observer);
  }

  Outcome recover(Plan plan, RecoverObserver observer) {
    return place.recoveries().run(plan, place.means(observer));
  }

  /// Takes back what was left open, as another process would.
  void rollBackIfOpen() {
    for (JournalFolder.Listed open : place.open()) {
      assertThat(
              place
                  .recoveries()
                  .rollBack(open.journal().plan().id(), place.means(RecoverObserver.NONE))
                  .ending())
          .isPresent();
    }
  }

  /// Finishes what was left open, as another process would.
  void resume() {
    for (JournalFolder.Listed open : place.open()) {
      String id = open.journal().plan().id();
      assertThat(place.recoveries().resume(id, place.means(RecoverObserver.NONE)).isRecovered())
          .isTrue();
    }
  }

  /// How many there are of everything.
  String count() {
    Set<String> counts = new java.util.TreeSet<>();
    if (kind.has(Part.SQLITE)) {
      counts.add(sqlite(users(), "SELECT count(*) FROM t"));
    }
    if (kind.has(Part.DUCKDB)) {
      counts.add(duckDb());
    }
    if (kind.has(Part.FILES)) {
      counts.add(Integer.toString(names(files()).size()));
    }
    if (kind.has(Part.POSTGRES)) {
      counts.add(scene.sql("SELECT count(*) FROM t"));
    }
    return String.join(" and ", counts);
  }

  /// The old state is live and whole, the service runs, nothing lies about, the journal is closed,
  /// and of what was not changed nothing was taken back.
  void assertOld(Outcome outcome, String where) {
    assertThat(count()).as(where).isEqualTo("2");
    assertThat(aside()).as(where).isEmpty();
    assertEnded(where);
    assertThat(outcome.isRecovered()).as(where).isFalse();
    if (outcome.ending().equals(java.util.Optional.of(Ending.UNCHANGED))) {
      assertThat(asked()).as(where + ": nothing changed, nothing is rolled back").isEmpty();
    }
  }

  /// The new state is live and whole, the old one aside, the service runs, and the journal is
  /// closed. A folder that could not be tidied up may be there, and was reported.
  void assertNew(String where) {
    assertThat(count()).as(where).isEqualTo("1");
    List<String> aside = new ArrayList<>(aside());
    aside.removeIf(name -> name.startsWith(".holdfast"));
    assertThat(aside)
        .as(where)
        .hasSize(kind.parts())
        .allMatch(name -> name.contains("_restore_") || name.contains(".pre-restore."));
    if (aside().size() > aside.size()) {
      assertThat(place.events()).as(where).hasAtLeastOneElementOfType(RecoverEvent.Notice.class);
    }
    assertEnded(where);
  }

  private void assertEnded(String where) {
    assertThat(running).as(where + ": the service runs").exists();
    assertThat(place.open()).as(where + ": open journals").isEmpty();
  }

  List<String> asked() {
    try {
      return Files.readAllLines(asked);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> aside() {
    List<String> all = new ArrayList<>(names(data));
    all.removeAll(List.of("users.db", "hits.duckdb", "files"));
    if (kind.has(Part.POSTGRES)) {
      all.addAll(scene.databases());
      all.remove(DATABASE);
    }
    return all;
  }

  /// Removes safety copies and what could not be tidied up.
  void removeAside() throws IOException {
    for (String name : aside()) {
      if (Files.exists(data.resolve(name))) {
        new PosixFiles().removeTree(data.resolve(name).toString());
      } else {
        server.sql("postgres", "DROP DATABASE " + name + " WITH (FORCE)");
      }
    }
  }

  @Override
  public void close() throws IOException {
    place.close();
    if (kind.has(Part.POSTGRES)) {
      removeAside();
      server.sql("postgres", "DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)");
    }
  }
}
