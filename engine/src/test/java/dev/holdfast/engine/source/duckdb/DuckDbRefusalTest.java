package dev.holdfast.engine.source.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are no whole databases, and databases that cannot be understood.
class DuckDbRefusalTest {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int VERSION_AT = 12;

  @TempDir Path directory;
  private Path database;
  private Path scratch;
  private byte[] whole;

  @BeforeEach
  void makeDatabase() throws Exception {
    database = directory.resolve("some.duckdb");
    scratch = Files.createDirectory(directory.resolve("scratch"));
    try (Connection connection = Images.connect(database, scratch);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t AS SELECT range AS i, 'n' || range AS s FROM range(200000)");
      statement.execute("CREATE TABLE u AS SELECT range AS i FROM range(100)");
    }
    whole = Files.readAllBytes(database);
  }

  @Test
  void ordinaryAndEmptyFilesAreNotRecognized() throws Exception {
    DuckDbEngine engine = Images.engine(scratch);
    assertThat(engine.recognizes(database.toString())).isTrue();
    Files.write(database, new byte[0]);
    assertThat(engine.recognizes(database.toString())).isFalse();
    Files.writeString(database, "no DUCK, but a text that is long enough to be one");
    assertThat(engine.recognizes(database.toString())).isFalse();
    assertThat(engine.recognizes(whole, 11)).isFalse();
    assertThat(engine.recognizes(whole, 12)).isTrue();
  }

  @Test
  void temporaryFolderThatCannotBeWrittenIsNamed() {
    assertThatThrownBy(() -> Images.engine(Path.of("/proc")).open(database.toString()))
        .isInstanceOfSatisfying(
            HoldfastException.InputOutput.class, e -> assertThat(e.hint()).contains("TMPDIR"))
        .hasMessageContaining("/proc cannot be written to");
  }

  @Test
  void missingFileIsNotFound() {
    assertThatThrownBy(() -> open(directory.resolve("absent.duckdb")))
        .isInstanceOf(HoldfastException.NotFound.class)
        .hasMessageContaining("absent.duckdb does not exist");
  }

  @Test
  void fileThatEndsWithinItsHeadersIsDamaged() throws Exception {
    Files.write(database, Arrays.copyOf(whole, 5000));
    assertRefused("is damaged: it ends within its headers, after 5000 bytes");
  }

  @Test
  void fileThatWasCutOffIsDamaged() throws Exception {
    Files.write(database, Arrays.copyOf(whole, whole.length - 300_000));
    assertRefused("was cut off after");
  }

  @Test
  void headersThatAreDamagedAreNamed() throws Exception {
    byte[] bytes = whole.clone();
    bytes[100] ^= 1;
    Files.write(database, bytes);
    assertRefused("has a main header whose checksum is wrong");
    bytes = whole.clone();
    bytes[FileHead.HEADER_BYTES + 20] ^= 1;
    Files.write(database, bytes);
    assertRefused("has a wrong checksum in its first database header");
  }

  @Test
  void blockThatIsDamagedIsFoundWhereverItIs() throws Exception {
    int blocks = (whole.length - FileHead.BYTES) / (256 * 1024);
    assertThat(blocks).isGreaterThan(2);
    for (int block = 0; block < blocks; block++) {
      byte[] bytes = whole.clone();
      bytes[FileHead.BYTES + block * 256 * 1024 + 1000] ^= 0x10;
      Files.write(database, bytes);
      assertRefused("is damaged");
    }
  }

  @Test
  void logWhoseLastCommitIsDamagedIsNotTakenForATornOne() throws Exception {
    Path log = directory.resolve("some.duckdb.wal");
    try (Connection connection = Images.connect(database, scratch);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA disable_checkpoint_on_shutdown");
      statement.execute("INSERT INTO u VALUES (-1)");
    }
    byte[] committed = Files.readAllBytes(log);
    // The last entry says in its three bytes before the end that a commit is complete.
    byte[] damaged = committed.clone();
    damaged[committed.length - 3] ^= 0x40;
    Files.write(log, damaged);
    assertRefused("is damaged: DuckDB says");
    // One that was torn in two never was a commit.
    Files.write(log, Arrays.copyOf(committed, committed.length - 3));
    open(database).close();
  }

  @Test
  void freeListThatMakesNoSenseIsDamage() throws Exception {
    DatabaseHeader header = FileHead.parse(whole, whole.length).active().orElseThrow();
    byte[] bytes = whole.clone();
    int at = activeHeaderAt(bytes);
    assertThat((long) WORD.get(bytes, at + 24)).isEqualTo(header.freeList());
    WORD.set(bytes, at + 24, 1_000_000L);
    checksum(bytes, at);
    Files.write(database, bytes);
    assertRefused("has a free list that leads to nowhere");
  }

  @Test
  void olderThanWhatAnyDriverReadsIsRefused() throws Exception {
    Files.write(database, withVersion(51));
    assertRefused("has storage version 51, which is older than DuckDB 0.9");
  }

  @Test
  void newerThanTheDriverIsRefusedOrStoredUnverifiedAsConfigured() throws Exception {
    Files.write(database, withVersion(FileHead.NEWEST_VERSION + 1));
    assertRefused("has storage version 70 (v2.0.0), which is newer than the DuckDB");
    assertStoredAsItIs();
  }

  @Test
  void encryptedIsRefusedOrStoredUnverifiedAsConfigured() throws Exception {
    Path key = directory.resolve("locked.duckdb");
    try (Connection connection = Images.connect(directory.resolve("other.duckdb"), scratch);
        Statement statement = connection.createStatement()) {
      // The driver writes encrypted files only with an extension, or when it is told to be unsafe.
      statement.execute("SET force_mbedtls_unsafe = 'true'");
      statement.execute("ATTACH '" + key + "' AS locked (ENCRYPTION_KEY 'asdf')");
      statement.execute("CREATE TABLE locked.t AS SELECT range AS i FROM range(1000)");
      statement.execute("DETACH locked");
    }
    database = key;
    assertRefused("is encrypted");
    assertStoredAsItIs();
  }

  @Test
  void nothingIsLeftBehindWhateverHappens() throws Exception {
    open(database).close();
    Files.write(database, Arrays.copyOf(whole, whole.length - 300_000));
    assertRefused("was cut off after");
    try (Stream<Path> files = Files.list(scratch)) {
      assertThat(files).isEmpty();
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(database, scratch);
    }
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(descriptors.map(DuckDbRefusalTest::target))
          .noneMatch(target -> target.startsWith(directory.toString()));
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private Content open(Path path) {
    return Images.engine(scratch).open(path.toString());
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> open(database).close())
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining(database.toString())
        .hasMessageContaining(message)
        .extracting(e -> ((HoldfastException) e).hint())
        .asString()
        .isNotEmpty();
  }

  private void assertStoredAsItIs() throws IOException {
    DuckDbEngine engine =
        new DuckDbEngine(
            Images.options(scratch).withUnverifiable(DuckDbOptions.Unverifiable.STORE));
    Path stored = directory.resolve("stored.duckdb");
    try (Content image = engine.open(database.toString())) {
      Images.store(image, stored);
      SourceFacts facts = image.facts().orElseThrow();
      assertThat(facts.properties()).containsKey(SourceFacts.UNVERIFIED);
      assertThat(facts.warnings()).hasSize(1);
    }
    assertThat(Files.mismatch(stored, database)).isEqualTo(-1);
  }

  private byte[] withVersion(long version) {
    byte[] bytes = whole.clone();
    WORD.set(bytes, VERSION_AT, version);
    checksum(bytes, 0);
    return bytes;
  }

  private static int activeHeaderAt(byte[] bytes) {
    int first = FileHead.HEADER_BYTES;
    int second = 2 * FileHead.HEADER_BYTES;
    return (long) WORD.get(bytes, first + 8) > (long) WORD.get(bytes, second + 8) ? first : second;
  }

  private static void checksum(byte[] bytes, int header) {
    long checksum = 5381;
    for (int i = header + 8; i < header + FileHead.HEADER_BYTES; i += 8) {
      checksum ^= (long) WORD.get(bytes, i) * 0xbf58476d1ce4e5b9L;
    }
    WORD.set(bytes, header, checksum);
  }
}
