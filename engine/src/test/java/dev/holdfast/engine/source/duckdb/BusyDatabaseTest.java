package dev.holdfast.engine.source.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.Content;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases that change while they are copied, at exactly the wrong moments: the disk is so slow
/// that something happens after every batch.
class BusyDatabaseTest {
  @TempDir Path directory;
  private Path scratch;
  private Path database;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void makeDatabase() throws Exception {
    scratch = Files.createDirectory(directory.resolve("scratch"));
    database = directory.resolve("busy.duckdb");
    connection = Images.connect(database, scratch);
    statement = connection.createStatement();
    statement.execute("SET threads = 1");
    // 40 blocks: ten batches.
    statement.execute("CREATE TABLE t AS SELECT range AS i, hash(range) AS h FROM range(1200000)");
    statement.execute("CREATE TABLE n AS SELECT 0 AS n");
    statement.execute("CHECKPOINT");
    assertThat(Files.size(database)).isGreaterThan(8 * 1024 * 1024);
  }

  @AfterEach
  void close() throws Exception {
    statement.close();
    connection.close();
  }

  @Test
  void whatACheckpointChangesIsCopiedAgainAndOnlyThat() throws Exception {
    AtomicInteger batches = new AtomicInteger();
    int wanted = 4;
    Capture.Pace pace =
        () -> {
          if (batches.incrementAndGet() <= wanted) {
            execute("UPDATE n SET n = n + 1", "CHECKPOINT");
          }
        };
    assertThat(numberIn(pace)).isEqualTo(wanted);
    int all = Math.ceilDiv((int) (Files.size(database) / (256 * 1024)), 16);
    assertThat(batches.get()).isLessThan(all + 2 * wanted + 2);
  }

  @Test
  void everythingIsCopiedAgainWhenACheckpointWasMissed() throws Exception {
    AtomicInteger batches = new AtomicInteger();
    Capture.Pace pace =
        () -> {
          if (batches.incrementAndGet() == 2) {
            execute("UPDATE n SET n = n + 1", "CHECKPOINT", "UPDATE n SET n = n + 1", "CHECKPOINT");
          }
        };
    assertThat(numberIn(pace)).isEqualTo(2);
  }

  @Test
  void commitsAfterTheLogWasReadBelongToTheNextImage() throws Exception {
    execute("UPDATE n SET n = n + 1");
    Capture.Pace pace = () -> execute("UPDATE n SET n = n + 1");
    assertThat(numberIn(pace)).isEqualTo(1);
  }

  @Test
  void blocksThatTheLogSpeaksOfAreNotOverwrittenUnseen() throws Exception {
    execute("CREATE TABLE load AS SELECT range AS i, range * 7 AS v FROM range(500000)");
    AtomicInteger batches = new AtomicInteger();
    Capture.Pace pace =
        () -> {
          int batch = batches.incrementAndGet();
          if (batch <= 3) {
            // Frees the blocks of the load, and lets the next one have them.
            execute(
                "DROP TABLE load",
                "CREATE TABLE load AS SELECT range AS i, range * 7 + "
                    + batch
                    + " AS v FROM range(500000)");
          }
        };
    Path stored = store(pace);
    try (Connection copy = Images.connect(stored, scratch);
        Statement query = copy.createStatement();
        ResultSet rows =
            query.executeQuery("SELECT count(*), min(v - i * 7), max(v - i * 7) FROM load")) {
      rows.next();
      assertThat(rows.getLong(1)).isEqualTo(500_000);
      assertThat(rows.getLong(2)).isEqualTo(rows.getLong(3)).isEqualTo(3);
    }
  }

  @Test
  void writerThatIsTooFastIsGivenUpWithinTheBound() throws Exception {
    Capture.Pace pace = () -> execute("UPDATE t SET h = h + 1", "CHECKPOINT");
    DuckDbOptions options = Images.options(scratch).withBound(3, Duration.ofSeconds(3));
    DuckDbEngine engine = new DuckDbEngine(options, Clock.systemUTC(), pace);
    long start = System.nanoTime();
    assertThatThrownBy(() -> engine.open(database.toString()).close())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("changes faster than it can be copied")
        .extracting(e -> ((HoldfastException) e).hint())
        .asString()
        .contains("checkpoint less often", "stop it", "EXPORT DATABASE", "snapshot");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    try (Stream<Path> files = Files.list(scratch)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void fileThatIsReplacedWhileItIsCopiedIsRefused() throws Exception {
    Path other = directory.resolve("other.duckdb");
    Images.connect(other, scratch).close();
    Capture.Pace pace =
        () -> {
          try {
            if (Files.exists(other)) {
              Files.move(other, database, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    assertThatThrownBy(() -> store(pace))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("was replaced by another file");
  }

  private int numberIn(Capture.Pace pace) throws Exception {
    Path stored = store(pace);
    try (Connection copy = Images.connect(stored, scratch);
        Statement query = copy.createStatement();
        ResultSet rows = query.executeQuery("SELECT n, (SELECT count(DISTINCT h) FROM t) FROM n")) {
      rows.next();
      assertThat(rows.getLong(2)).isEqualTo(1_200_000);
      return rows.getInt(1);
    }
  }

  private Path store(Capture.Pace pace) throws IOException {
    Path stored = directory.resolve("stored.duckdb");
    DuckDbEngine engine = new DuckDbEngine(Images.options(scratch), Clock.systemUTC(), pace);
    try (Content image = engine.open(database.toString())) {
      assertThat(image.facts().orElseThrow().warnings()).isEmpty();
      Images.store(image, stored);
    }
    return stored;
  }

  private void execute(String... commands) {
    try {
      for (String command : commands) {
        statement.execute(command);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
