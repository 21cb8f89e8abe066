package dev.holdfast.engine.source.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateMarkTest {
  @TempDir Path directory;

  @Test
  void everyCommitAndCheckpointChangesTheMarkAndReadingDoesNot() throws Exception {
    Path database = directory.resolve("marked.duckdb");
    DuckDbEngine engine = Images.engine(directory);
    try (Connection connection = Images.connect(database, directory);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(i INTEGER)");
      String created = mark(engine, database);
      statement.executeQuery("SELECT count(*) FROM t").close();
      assertThat(mark(engine, database)).isEqualTo(created);
      statement.execute("INSERT INTO t VALUES (1)");
      String inserted = mark(engine, database);
      assertThat(inserted).isNotEqualTo(created);
      statement.execute("CHECKPOINT");
      String checkpointed = mark(engine, database);
      assertThat(checkpointed).isNotEqualTo(inserted);
      engine.open(database.toString()).close();
      assertThat(mark(engine, database)).isEqualTo(checkpointed);
    }
  }

  @Test
  void anotherFileInItsPlaceHasAnotherMark() throws Exception {
    Path database = directory.resolve("marked.duckdb");
    DuckDbEngine engine = Images.engine(directory);
    Images.connect(database, directory).close();
    String before = mark(engine, database);
    Path copy = directory.resolve("copy.duckdb");
    Files.copy(database, copy);
    Files.move(copy, database, StandardCopyOption.REPLACE_EXISTING);
    assertThat(mark(engine, database)).isNotEqualTo(before);
  }

  @Test
  void anOlderCopyPutInPlaceWithAsManyCheckpointsHasAnotherMark() throws Exception {
    Path database = directory.resolve("marked.duckdb");
    DuckDbEngine engine = Images.engine(directory);
    execute(database, "CREATE TABLE t(i INTEGER)");
    Path copy = Files.copy(database, directory.resolve("copy.duckdb"));
    execute(database, "INSERT INTO t VALUES (1)");
    String before = mark(engine, database);
    byte[] head = head(database);
    try (OutputStream out = Files.newOutputStream(database)) { // in place, as cp does it
      Files.copy(copy, out);
    }
    execute(database, "INSERT INTO t VALUES (2)");
    assertThat(head(database)).isEqualTo(head);
    assertThat(mark(engine, database)).isNotEqualTo(before);
  }

  private void execute(Path database, String sql) throws Exception {
    try (Connection connection = Images.connect(database, directory);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      statement.execute("CHECKPOINT");
    }
  }

  private static byte[] head(Path database) throws Exception {
    return Arrays.copyOf(Files.readAllBytes(database), FileHead.BYTES);
  }

  @Test
  void damagedAndOtherFilesHaveNone() throws Exception {
    Path file = directory.resolve("text");
    Files.writeString(file, "some text");
    assertThat(Images.engine(directory).stateMark(file.toString())).isEqualTo(Optional.empty());
  }

  private static String mark(DuckDbEngine engine, Path database) {
    return engine.stateMark(database.toString()).orElseThrow();
  }
}
