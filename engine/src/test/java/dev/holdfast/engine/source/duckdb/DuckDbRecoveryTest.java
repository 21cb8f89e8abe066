package dev.holdfast.engine.source.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a recovery asks of DuckDB, for files of every version.
@Tag("slow")
class DuckDbRecoveryTest {
  @TempDir Path directory;

  private DatabaseRecovery recovery() {
    return Images.engine(directory).recovery().orElseThrow();
  }

  static Stream<String> versions() throws IOException {
    return Stream.concat(DuckProcess.olderVersions().stream(), Stream.of(DuckProcess.CURRENT));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void databaseWhoseLogWasBroughtInIsReadByTheVersionThatWroteItAndByUs(String version)
      throws Exception {
    Path database = directory.resolve("bank.duckdb");
    Path named = Files.createSymbolicLink(directory.resolve("a; b"), directory);
    DuckProcess.run(version, "make", database.toString());
    assertThat(Path.of(database + Place.LOG)).isNotEmptyFile();
    byte[] before = Arrays.copyOf(Files.readAllBytes(database), FileHead.BYTES);

    assertThat(recovery().settle(named.resolve("bank.duckdb").toString())).isEmpty();

    assertThat(Path.of(database + Place.LOG)).doesNotExist();
    byte[] after = Arrays.copyOf(Files.readAllBytes(database), FileHead.BYTES);
    assertThat(FileHead.parse(after, after.length).storageVersion())
        .isEqualTo(FileHead.parse(before, before.length).storageVersion());
    String rows = Images.rows(recovery().verify(database.toString()));
    assertThat(DuckProcess.run(version, "audit", database.toString())).isEqualTo(rows);
  }

  @Test
  void databaseInTheFormatOfAnOlderVersionKeepsIt() throws Exception {
    Path database = directory.resolve("chosen.duckdb");
    DuckProcess.run(
        "1.4.4.0",
        "run",
        directory.resolve("other").toString(),
        "ATTACH '" + database + "' AS chosen (STORAGE_VERSION 'v1.4.0')",
        "CREATE TABLE chosen.t(i INTEGER)",
        "CHECKPOINT chosen",
        "INSERT INTO chosen.t VALUES (1)");

    assertThat(recovery().settle(database.toString())).isEmpty();

    assertThat(recovery().verify(database.toString()).properties().values()).contains("67");
  }

  @Test
  void wrongByteInAnyBlockInUseIsFound() throws Exception {
    Path database = directory.resolve("bank.duckdb");
    DuckProcess.run(DuckProcess.CURRENT, "make", database.toString());
    assertThat(recovery().settle(database.toString())).isEmpty();
    byte[] bytes = Files.readAllBytes(database);
    FileHead head = FileHead.parse(bytes, bytes.length);
    BlockMap map;
    try (DataFile file = DataFile.open(database.toString())) {
      map = BlockMap.read(file, head.active().orElseThrow());
    }
    int last = map.used().length() - 1;
    bytes[(int) head.active().orElseThrow().positionOf(last) + 5000] ^= 4;
    Files.write(database, bytes);

    assertThatThrownBy(() -> recovery().verify(database.toString()))
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void queryIsAnsweredOfADatabaseThatItsApplicationHolds() throws Exception {
    Path database = directory.resolve("bank.duckdb");
    DuckProcess.run(DuckProcess.CURRENT, "make", database.toString());
    try (DuckProcess held =
        DuckProcess.start(DuckProcess.CURRENT, "write", database.toString(), "1", "t")
            .awaitReady()) {
      assertThat(recovery().ask(database.toString(), "SELECT sum(balance) FROM account"))
          .isEqualTo("1000000");
      assertThatThrownBy(() -> recovery().ask(database.toString(), "SELECT nothing"))
          .isInstanceOf(HoldfastException.Rejected.class);
      assertThat(recovery().lockHolder(database.toString())).isPresent();
      assertThat(held.isAlive()).isTrue();
    }
    assertThat(recovery().lockHolder(database.toString())).isEmpty();
  }
}
