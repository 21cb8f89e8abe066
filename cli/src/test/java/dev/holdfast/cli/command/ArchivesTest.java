package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives made here and opened by the programs that people have, and the other way round.
class ArchivesTest {
  @TempDir Path scratch;

  private Path data = Path.of("");
  private Run run = Run.at(Path.of(""));

  @BeforeEach
  void makeKestrel() throws Exception {
    data = Files.createDirectories(scratch.resolve("data"));
    run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    sql(
        data.resolve("kestrel.db"),
        "PRAGMA journal_mode = wal; CREATE TABLE events(t TEXT);"
            + " INSERT INTO events VALUES ('a'), ('b'), ('c')");
    Path maps = Files.createDirectories(data.resolve("sourcemaps/shop/1.0"));
    Files.writeString(maps.resolve("app.js.map"), "{\"version\":3}");
    Files.writeString(maps.resolve("a name with \\ and\nmore" + "x".repeat(120)), "odd");
    Files.createSymbolicLink(data.resolve("sourcemaps/latest"), Path.of("shop/1.0"));
  }

  private static String sql(Path database, String statements) {
    return Command.of("sqlite3", database.toString(), statements).run().succeeded().output();
  }

  private void same(Path one, Path other) {
    Command.of("diff", "-r", "--no-dereference", one.toString(), other.toString())
        .run()
        .succeeded();
  }

  @Test
  void archiveOfAnAppIsRecoveredAsTheAppsSourcesAndNothingAroundThem() throws Exception {
    Path config = scratch.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          kestrel:
            root: %s
            sources:
              database: {path: kestrel.db}
              maps: {path: "sourcemaps/{project}"}
        """
            .formatted(data));
    Path made = scratch.resolve("made.tar.gz");
    Files.writeString(data.resolve("note"), "stored");
    Command.of("tar", "-czf", made.toString(), "kestrel.db", "note", "sourcemaps/shop")
        .in(data)
        .run()
        .succeeded();
    run = run.set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("import", made.toString(), "--app", "kestrel").done();
    assertThat(run.holdfast("show", "--json", "latest").done().out())
        .contains("\"name\":\"database\"", "\"name\":\"maps\"", "\"project\":\"shop\"")
        .contains("\"name\":\"" + data.resolve("note") + "\"");
    Files.writeString(data.resolve("password"), "not in the archive");
    Files.writeString(data.resolve("note"), "changed");
    sql(data.resolve("kestrel.db"), "DELETE FROM events");
    Files.delete(data.resolve("sourcemaps/latest"));

    run.holdfast("recover", "kestrel", "--yes").done();

    assertThat(sql(data.resolve("kestrel.db"), "SELECT count(*) FROM events")).isEqualTo("3\n");
    assertThat(data.resolve("password")).hasContent("not in the archive");
    assertThat(data.resolve("note")).hasContent("stored");
    run.holdfast("recover", "kestrel", "--source", "database", "--yes").done();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar.gz", "tar.zst"})
  void archiveIsExtractedByTarAndComesBack(String format) throws Exception {
    run.holdfast("backup", data.toString()).done();
    Path archive = scratch.resolve("kestrel." + format);
    assertThat(run.holdfast("export", "latest", archive.toString()).done().out())
        .contains("exported 6 files");
    assertThat(names(scratch)).noneMatch(name -> name.contains("partial"));
    Command.of("sha256sum", "--quiet", "-c", archive + ".sha256").in(scratch).run().succeeded();
    Path extracted = Files.createDirectories(scratch.resolve("extracted"));
    String unpack = format.equals("tar.gz") ? "--gzip" : "--zstd";
    Command.of("tar", unpack, "-xf", archive.toString(), "-C", extracted.toString())
        .run()
        .succeeded();
    Command.of("sha256sum", "--quiet", "-c", ".holdfast/SHA256SUMS")
        .in(extracted)
        .run()
        .succeeded();
    assertThat(
            sql(
                extracted.resolve("kestrel.db"),
                "PRAGMA integrity_check; SELECT count(*) FROM events"))
        .isEqualTo("ok\n3\n");
    assertThat(extracted.resolve("kestrel.db-wal")).doesNotExist();

    run.holdfast("import", archive.toString(), "--app", "kestrel").done();
    assertThat(run.holdfast("snapshots", "--tag", "imported,app:kestrel").done().out())
        .contains(data.toString());
    Path restored = scratch.resolve("restored");
    run.holdfast("restore", "latest:" + data, "--tag", "imported", "--target", restored.toString())
        .done();
    Command.of("rm", "-r", extracted.resolve(".holdfast").toString()).run().succeeded();
    same(extracted, restored);
  }

  @Test
  void existingFileIsOnlyReplacedWhenForced() throws Exception {
    run.holdfast("backup", data.toString()).done();
    Path archive = Files.writeString(scratch.resolve("a.tar.gz"), "mine");
    assertThat(run.holdfast("export", "latest", archive.toString()).with(1).err())
        .contains("exists already", "--force");
    assertThat(archive).hasContent("mine");
    run.holdfast("export", "latest", archive.toString(), "--force").done();
    Command.of("gzip", "-t", archive.toString()).run().succeeded();
    assertThat(run.holdfast("export", "latest", scratch + "/a.rar").with(1).err())
        .contains("does not say what kind of archive");
    assertThat(run.holdfast("export", "latest", scratch + "/a.zip").with(1).err())
        .contains("there is no dump of a PostgreSQL database");
    assertThat(names(scratch)).noneMatch(name -> name.contains("partial"));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /// Kestrel: `VACUUM INTO`, then a tar.gz with the database at its root.
  @ParameterizedTest
  @ValueSource(strings = {"gnu", "posix", "ustar", "v7"})
  void archiveMadeAsKestrelMakesItIsImported(String form) throws Exception {
    Path made = Files.createDirectories(scratch.resolve("made"));
    sql(data.resolve("kestrel.db"), "VACUUM INTO '" + made.resolve("kestrel.db") + "'");
    Path maps = Files.createDirectories(made.resolve("sourcemaps/shop/1.0"));
    Files.writeString(maps.resolve("app.js.map"), "{}");
    Path archive = scratch.resolve("kestrel.tar.gz");
    Command.of("tar", "--format=" + form, "-czf", archive.toString(), "-C", made.toString())
        .with("kestrel.db", "sourcemaps")
        .run()
        .succeeded();
    run.holdfast("import", archive.toString(), "--root", "/srv/kestrel").done();
    Path restored = scratch.resolve("restored");
    run.holdfast("restore", "latest:/srv/kestrel", "--target", restored.toString()).done();
    same(made, restored);
    assertThat(run.holdfast("show", "--json", "latest").done().out())
        .contains("\"name\":\"events\",\"rows\":3", "\"path\":\"/srv/kestrel/kestrel.db\"");
  }

  /// Dodeka: `VACUUM INTO`, then `zstd --rsyncable`.
  @Test
  void databaseMadeAsDodekaMakesItIsImported() throws Exception {
    Path made = scratch.resolve("dodeka.sqlite");
    sql(data.resolve("kestrel.db"), "VACUUM INTO '" + made + "'");
    Command.of("zstd", "-q", "--rsyncable", made.toString()).run().succeeded();
    run.holdfast("import", made + ".zst", "--root", "/home/backend").done();
    Path copy = scratch.resolve("copy");
    run.holdfast("dump", "latest", "/home/backend/dodeka.sqlite", "--target", copy.toString())
        .done();
    assertThat(copy).hasSameBinaryContentAs(made);
  }

  private void duck(Path database, String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + database);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  @Test
  void liveDatabasesAreExportedTogetherAndComeBack() throws Exception {
    Path root = Files.createDirectories(scratch.resolve("hitkeep"));
    Path blue = Files.createDirectories(root.resolve("tenants/blue"));
    duck(
        root.resolve("hitkeep.db"),
        "CREATE TABLE team(name VARCHAR)",
        "INSERT INTO team VALUES ('blue')");
    duck(blue.resolve("hitkeep.db"), "CREATE TABLE hits AS SELECT range AS id FROM range(1000)");
    Path exports = scratch.resolve("exports");
    Files.createDirectories(exports.resolve("shared/2020-01-01T000000Z"));
    Files.createDirectories(
        exports.resolve(
            "shared/.2020-01-01T000000Z.partial-"
                + "0".repeat(8)
                + "-0000-0000-0000-"
                + "0".repeat(12)));
    Run.Ended ended =
        run.holdfast("backup", "--format", "export", "--target", exports.toString()).with(1);
    assertThat(ended.err()).contains("nothing to back up was named");
    run.holdfast(
            "backup",
            "--format",
            "export",
            "--target",
            exports.toString(),
            "--keep",
            "1",
            root.toString())
        .done();
    // What is no export of ours is not removed, and is not taken for one.
    assertThat(names(exports.resolve("shared"))).hasSize(2).contains("2020-01-01T000000Z");
    assertThat(run.holdfast("import", exports.toString()).done().out())
        .contains("duckdb, 8 files, 2 databases");
    Path copy = scratch.resolve("copy.db");
    run.holdfast("dump", "latest", blue + "/hitkeep.db", "--target", copy.toString()).done();
    duck(copy, "SELECT CASE count(*) WHEN 1000 THEN 1 ELSE error('rows') END FROM hits");

    String timestamp = names(exports.resolve("tenants/blue")).getFirst();
    Command.of("rm", "-r", exports.resolve("tenants/blue").resolve(timestamp).toString())
        .run()
        .succeeded();
    assertThat(run.holdfast("import", exports.toString()).with(1).err())
        .contains("tenants/blue is missing");
    assertThat(
            run.holdfast(
                    "backup",
                    "--format",
                    "export",
                    "--target",
                    exports.toString(),
                    "--keep",
                    "0",
                    root.toString())
                .with(1)
                .err())
        .contains("keep at least 1");
  }

  /// HitKeep: `EXPORT DATABASE` into `shared/{timestamp}` and `tenants/{id}/{timestamp}`.
  @Test
  void exportsMadeAsHitKeepMakesThemAreImported() throws Exception {
    Path backups = scratch.resolve("backups");
    for (String place : List.of("shared", "tenants/red")) {
      Path folder = Files.createDirectories(backups.resolve(place)).resolve("2026-03-08T120000Z");
      duck(
          scratch.resolve(place.replace('/', '-') + ".db"),
          "CREATE TABLE hits AS SELECT range AS id FROM range(77)",
          "EXPORT DATABASE '" + folder + "' (FORMAT PARQUET)");
    }
    Path moved = Files.move(backups, scratch.resolve("moved"));
    run.holdfast("import", moved.toString(), "--root", "/var/lib/hitkeep/data").done();
    assertThat(run.holdfast("show", "--json", "latest").done().out())
        .contains(
            "\"path\":\"/var/lib/hitkeep/data/hitkeep.db\"",
            "\"path\":\"/var/lib/hitkeep/data/tenants/red/hitkeep.db\"",
            "\"tenant\":\"red\"",
            "\"rows\":77");
    assertThat(run.holdfast("snapshots").done().out()).contains("2026-03-08 12:00:00");
  }

  @Test
  void exportOfATimeToComeIsPassedOverUnlessItIsNamed() throws Exception {
    Path shared = Files.createDirectories(scratch.resolve("backups/shared"));
    for (String time : List.of("2001-01-01T000000Z", "2001-01-02T000000Z", "9999-01-01T000000Z")) {
      duck(
          scratch.resolve(time + ".db"),
          "CREATE TABLE hits AS SELECT " + time.substring(0, 4) + " AS year",
          "EXPORT DATABASE '" + shared.resolve(time) + "' (FORMAT PARQUET)");
    }
    String backups = shared.getParent().toString();
    assertThat(run.holdfast("import", backups).done().err())
        .contains("'--snapshot 9999-01-01T000000Z' takes it")
        .contains("the export 2001-01-02T000000Z is taken, of 3");
    assertThat(run.holdfast("snapshots").done().out()).contains("2001-01-02 00:00:00");
    run.holdfast("import", "--snapshot", "9999-01-01T000000Z", "--dry-run", backups).done();
  }

  /// Tracearr: `pg_dump -Fc`, then a zip with `metadata.json`; restored by `pg_restore`.
  @Tag("slow")
  @Test
  void zipIsWhatTracearrMakesAndTakes() throws Exception {
    try (PostgresServerProcess server = PostgresServerProcess.start(15)) {
      server.sql("postgres", "CREATE DATABASE tracearr");
      server.sql(
          "tracearr",
          "CREATE TABLE users(id int PRIMARY KEY, name text);"
              + " INSERT INTO users SELECT i, repeat('user ', i % 9) FROM generate_series(1, 700) i");
      Path dump = scratch.resolve("database.dump");
      Command pgDump =
          Command.of("pg_dump", "-Fc", "-f", dump.toString(), server.address("tracearr"))
              .withEnvironment("PGPASSWORD", PostgresServerProcess.PASSWORD);
      pgDump.run().succeeded();
      Path metadata =
          Files.writeString(
              scratch.resolve("metadata.json"),
              "{\"format\":1,\"createdAt\":\"2026-01-02T03:04:05.678Z\",\"app\":{\"version\":\"1.2\"},"
                  + "\"database\":{\"pgVersion\":\"15\"},\"counts\":{}}");
      Path zip = scratch.resolve("theirs.zip");
      Command.of("zip", "-q", "-j", zip.toString(), metadata.toString(), dump.toString())
          .run()
          .succeeded();
      run.holdfast("import", zip.toString(), "--app", "tracearr").done();
      assertThat(run.holdfast("show", "--json", "latest").done().out())
          .contains("\"name\":\"public.users\",\"rows\":700", "/postgres/tracearr/database.dump");

      Path ours = scratch.resolve("ours.zip");
      run.holdfast("export", "latest", ours.toString()).done();
      assertThat(Files.readString(scratch.resolve("ours.meta.json"))).contains("\"size\"", "1.2");
      Path unzipped = Files.createDirectories(scratch.resolve("unzipped"));
      Command.of("unzip", "-q", ours.toString(), "-d", unzipped.toString()).run().succeeded();
      assertThat(unzipped.resolve("database.dump")).hasSameBinaryContentAs(dump);
      assertThat(unzipped.resolve("metadata.json")).hasSameBinaryContentAs(metadata);

      byte[] cut = Files.readAllBytes(dump);
      Files.write(dump, java.util.Arrays.copyOf(cut, cut.length - 200));
      Files.delete(zip);
      Command.of("zip", "-q", "-j", zip.toString(), metadata.toString(), dump.toString())
          .run()
          .succeeded();
      assertThat(run.holdfast("import", zip.toString()).with(1).err()).contains("not a whole dump");

      server.sql("postgres", "CREATE DATABASE again");
      Command.of("pg_restore", "--exit-on-error", "-d", server.address("again"))
          .with(unzipped.resolve("database.dump").toString())
          .withEnvironment("PGPASSWORD", PostgresServerProcess.PASSWORD)
          .run()
          .succeeded();
      assertThat(server.sql("again", "SELECT count(*) FROM users").strip()).isEqualTo("700");
    }
  }
}
