package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `dump` prints is what there is to have: a file as it is, and a database that is whole.
class DumpCommandTest {
  @TempDir Path scratch;

  private Path data = Path.of("");
  private Path hits = data;
  private Path out = data;
  private Run run = Run.at(data);

  @BeforeEach
  void backUpDatabasesOfBothKinds() throws Exception {
    data = Files.createDirectories(scratch.toRealPath().resolve("data"));
    hits = data.resolve("hits.duckdb");
    out = scratch.resolve("out");
    run =
        Run.on(scratch, scratch.resolve("repository"))
            .set("TMPDIR", Files.createDirectory(scratch.resolve("tmp")).toString());
    run.holdfast("init").done();
    try (Connection open = DriverManager.getConnection("jdbc:duckdb:" + hits);
        Statement statement = open.createStatement()) {
      statement.execute("CREATE TABLE t(x INTEGER)");
      statement.execute("CHECKPOINT");
      statement.execute("PRAGMA disable_checkpoint_on_shutdown");
      statement.execute("INSERT INTO t VALUES (1), (2)");
    }
    assertThat(data.resolve("hits.duckdb.wal")).isNotEmptyFile();
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("app.db"));
        Statement statement = open.createStatement()) {
      statement.execute("CREATE TABLE t(x)");
    }
    run.holdfast("backup", data.toString()).done();
  }

  private Run.Ended dump(Object path, String... more) {
    String[] arguments = new String[more.length + 5];
    arguments[0] = "dump";
    arguments[1] = "latest";
    arguments[2] = path.toString();
    arguments[3] = "--target";
    arguments[4] = out.toString();
    System.arraycopy(more, 0, arguments, 5, more.length);
    return run.holdfast(arguments);
  }

  private long rows() throws Exception {
    try (Connection open = DriverManager.getConnection("jdbc:duckdb:" + out);
        Statement statement = open.createStatement();
        ResultSet answer = statement.executeQuery("SELECT count(*) FROM t")) {
      return answer.next() ? answer.getLong(1) : 0;
    }
  }

  @Test
  void databaseComesWithWhatIsInItsLog() throws Exception {
    assertThat(dump(hits).done().err())
        .contains("'" + hits + "' is given with what its log holds; --as-stored");
    assertThat(rows()).isEqualTo(2);
    assertThat(scratch.resolve("tmp")).isEmptyDirectory();
    assertThat(
            run.holdfast("dump", "latest:" + data, "hits.duckdb", "--target", out.toString())
                .done()
                .err())
        .contains("with what its log holds");
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void aScriptLearnsThatItIsNotTheFileAlone() {
    String told = "'" + hits + "' is given with what its log holds; --as-stored";
    assertThat(dump(hits, "--quiet").done().err()).startsWith("holdfast: " + told);
    assertThat(dump(hits, "--json").done().err())
        .startsWith("{\"message_type\":\"notice\",\"message\":\"" + told);
  }

  @Test
  void logByItselfIsRefusedAsTheDatabaseHasWhatIsInIt() throws Exception {
    Files.writeString(out, "is not touched");
    assertThat(dump(hits + ".wal").with(1).err())
        .contains("'%s.wal' is the log of '%s'".formatted(hits, hits))
        .contains("hint: dump that database", "--as-stored");
    assertThat(out).hasContent("is not touched");
  }

  @Test
  void filesAreGivenAsTheyAreStored() throws Exception {
    Path restored = scratch.resolve("restored");
    run.holdfast("restore", "latest:" + data, "--target", restored.toString()).done();
    for (String name : new String[] {"hits.duckdb", "hits.duckdb.wal", "app.db"}) {
      assertThat(dump(data.resolve(name), "--as-stored").done().err()).isEmpty();
      assertThat(out).hasSameBinaryContentAs(restored.resolve(name));
    }
    assertThat(dump(data.resolve("app.db")).done().err()).isEmpty();
    assertThat(out).hasSameBinaryContentAs(restored.resolve("app.db"));
  }

  @Test
  void placeWithoutRoomToPutADatabaseTogetherIsNamed() throws Exception {
    Path small = Files.createDirectory(scratch.resolve("small"));
    Optional<Mount> disk = Mount.smallDisk(small, "64k");
    assumeThat(disk).as("mounting takes root").isPresent();
    try (Mount mounted = disk.orElseThrow()) {
      assertThat(dump(hits, "--scratch", small.toString()).with(1).err())
          .contains("'%s' cannot be put together in '%s': ".formatted(hits, small))
          .contains("hint: make room there", "--as-stored");
      assertThat(small).isEmptyDirectory();
      assertThat(mounted).isNotNull();
    }
    assertThat(out).doesNotExist();
  }

  @Test
  void emptyPathIsASlipAndNotTheWholeSnapshot() {
    assertThat(dump("").with(2).err()).contains("the argument PATH is empty");
    assertThat(out).doesNotExist();
  }
}
