package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases of an application that opens and closes them for every change, so that log and index
/// come and go.
class OpenedAndClosedTest {
  private static final int IMAGES = 1500;
  private static final int IMAGES_TOGETHER = 300;

  /// Ends by itself between two programs: one that outlived its shell would write on into a folder
  /// that is being removed.
  private static final String WRITER =
      "while test ! -e \"$2\"; do sqlite3 -cmd '.timeout 20000' \"$1\""
          + " 'CREATE TABLE IF NOT EXISTS o(x); INSERT INTO o VALUES(1);' || exit 1; done";

  private final List<Process> writers = new ArrayList<>();
  @TempDir private Path directory;

  @AfterEach
  void endWriters() throws Exception {
    Files.createFile(end());
    for (Process writer : writers) {
      assertThat(writer.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void oneIsTakenEachTime() throws Exception {
    Path database = database("bank.db");
    for (int i = 0; i < IMAGES; i++) {
      try (SqliteImage image = SqliteSource.open(database.toString(), SqliteOptions.defaults())) {
        assertThat(Images.faults(image, directory.resolve("image"))).isEmpty();
      }
    }
    writersGoOn();
  }

  @Test
  void severalAreTakenTogetherEachTime() throws Exception {
    List<String> paths = List.of(database("first.db").toString(), database("second.db").toString());
    for (int i = 0; i < IMAGES_TOGETHER; i++) {
      for (SqliteImage image : SqliteSource.openAll(paths, SqliteOptions.defaults())) {
        try (image) {
          assertThat(Images.faults(image, directory.resolve("image"))).isEmpty();
        }
      }
    }
    writersGoOn();
  }

  private Path database(String name) throws Exception {
    Path database = directory.resolve(name);
    Bank.create(database, 4096, "WAL");
    writers.add(
        new ProcessBuilder("sh", "-c", WRITER, "sh", database.toString(), end().toString())
            .redirectErrorStream(true)
            .redirectOutput(said(writers.size()).toFile())
            .start());
    return database;
  }

  private Path end() {
    return directory.resolve("end");
  }

  private Path said(int writer) {
    return directory.resolve("writer" + writer);
  }

  private void writersGoOn() {
    for (int i = 0; i < writers.size(); i++) {
      assertThat(said(i)).isEmptyFile();
      assertThat(writers.get(i).isAlive()).isTrue();
    }
  }
}
