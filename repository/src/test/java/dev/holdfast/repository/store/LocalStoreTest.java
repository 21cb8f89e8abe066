package dev.holdfast.repository.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalStoreTest implements ObjectStoreContract {
  private static final byte[] BYTES = Stored.bytes(1, 1000);

  @TempDir Path folder;
  private Path root;
  private LocalStore store;

  @BeforeEach
  void createTheStore() {
    root = folder.resolve("deep/repository");
    store = new LocalStore(root);
    store.create();
  }

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public ObjectStore reopened() {
    return new LocalStore(root);
  }

  @Test
  void theLayoutIsThatOfRestic() throws IOException {
    ObjectKey key = Stored.put(store, ObjectType.PACK, BYTES);
    String hex = key.hash().toHex();

    assertThat(root.resolve("data").resolve(hex.substring(0, 2)).resolve(hex))
        .hasBinaryContent(BYTES);
    assertThat(names(root))
        .containsExactlyInAnyOrder("data", "index", "keys", "locks", "snapshots");
    assertThat(names(root.resolve("data"))).hasSize(256).contains("00", "7f", "ff");
  }

  @Test
  void filesAndFoldersAreForTheirOwnerOnly() throws IOException {
    ObjectKey key = Stored.put(store, ObjectType.SNAPSHOT, BYTES);

    assertThat(mode(root.resolve(key.path()))).isEqualTo("r--------");
    assertThat(mode(root)).isEqualTo("rwx------");
    assertThat(mode(root.resolve("data/ab"))).isEqualTo("rwx------");
  }

  @Test
  void whereTheGroupMayReadTheConfigItMayReadAll() throws IOException {
    store.put(ObjectKey.CONFIG, ByteBuffer.wrap(BYTES));
    Files.setPosixFilePermissions(
        root.resolve("config"), PosixFilePermissions.fromString("r--r-----"));
    Files.delete(root.resolve("data/" + packFolder()));

    LocalStore shared = new LocalStore(root);
    ObjectKey key = Stored.put(shared, ObjectType.PACK, BYTES);

    assertThat(mode(root.resolve(key.path()))).isEqualTo("r--r-----");
    assertThat(mode(root.resolve("data/" + packFolder()))).startsWith("rwxr-x");
  }

  @Test
  void aMissingDataFolderIsCreatedOnDemand() throws IOException {
    Files.delete(root.resolve("data/" + packFolder()));

    ObjectKey key = Stored.put(store, ObjectType.PACK, BYTES);

    assertThat(reopened().get(key)).isEqualTo(BYTES);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 4095})
  void whatIsLargeIsWrittenToTheLastByte(int more) throws IOException {
    byte[] bytes = Stored.bytes(more, UncachedWriting.MIN_BYTES + more);

    Path file = putLarge(store, aligned(bytes), bytes);

    assertThat(file).hasBinaryContent(bytes);
    assertThat(mode(file)).isEqualTo("r--------");
  }

  @Test
  void whatIsLargeTakesNoPagesOfTheSystem() throws IOException {
    assumeTrue(Files.getFileStore(root).type().startsWith("ext"), "file systems differ in it");
    byte[] large = Stored.bytes(1, 3 * UncachedWriting.MIN_BYTES);
    byte[] small = Stored.bytes(2, UncachedWriting.MIN_BYTES - 1);

    assertThat(isCached(putLarge(store, aligned(small), small))).isTrue();
    assertThat(isCached(putLarge(store, aligned(large), large))).isFalse();
    byte[] trees = Stored.bytes(3, large.length);
    ObjectKey key = Stored.key(ObjectType.PACK, trees);
    store.putAndKeep(key, aligned(trees));
    assertThat(isCached(root.resolve(key.path()))).isTrue();
  }

  @Test
  void whatCannotBeWrittenSoIsWrittenAsAnyOther() throws IOException {
    byte[] bytes = Stored.bytes(1, 2 * UncachedWriting.MIN_BYTES);
    ByteBuffer askew = aligned(new byte[bytes.length + 1]).slice(1, bytes.length);
    LocalStore refusing =
        new LocalStore(
            root, Clock.systemUTC(), new UncachedWriting(() -> Optional.of(new OpenOption() {})));

    assertThat(putLarge(store, askew.put(0, bytes), bytes)).hasBinaryContent(bytes);
    byte[] others = Stored.bytes(2, bytes.length);
    assertThat(putLarge(refusing, aligned(others), others)).hasBinaryContent(others);
    assertThat(allFiles()).hasSize(2);
  }

  @Test
  void aStoreThatWasNeverCreatedIsEmpty() {
    LocalStore nowhere = new LocalStore(folder.resolve("nowhere"));

    assertThat(nowhere.exists(ObjectKey.CONFIG)).isFalse();
    for (ObjectType type : ObjectType.values()) {
      assertThat(Stored.list(nowhere, type)).isEmpty();
    }
    nowhere.delete(ObjectKey.CONFIG);
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void aListingSkipsWhatIsNoObject() throws IOException {
    ObjectKey pack = Stored.put(store, ObjectType.PACK, BYTES);
    String hex = pack.hash().toHex();
    Path home = root.resolve("data/" + hex.substring(0, 2));
    String other = hex.startsWith("0") ? "1" + hex.substring(1) : "0" + hex.substring(1);
    Files.writeString(home.resolve(hex + "-tmp-1234"), "torn");
    Files.writeString(home.resolve(other), "in the folder of another");
    Files.writeString(home.resolve(hex.toUpperCase(Locale.ROOT)), "upper case");
    Files.writeString(home.resolve("README"), "junk");
    Files.writeString(root.resolve("data/" + hex), "not in a subfolder");
    Files.createDirectory(root.resolve("data/lost+found"));
    Files.createDirectory(root.resolve("index/" + hex));
    Files.writeString(root.resolve("index/.nfs0001"), "junk");

    assertThat(Stored.list(store, ObjectType.PACK))
        .containsExactly(new ObjectInfo(pack, BYTES.length));
    assertThat(Stored.list(store, ObjectType.INDEX)).isEmpty();
  }

  @Test
  void noTemporaryFileIsLeftBySuccessOrInterrupt() throws IOException {
    Stored.put(store, ObjectType.PACK, BYTES);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Stored.put(store, ObjectType.PACK, Stored.bytes(2, 5 << 20)))
        .isNotNull();
    assertThat(Thread.interrupted()).isTrue();

    assertThat(allFiles())
        .hasSize(1)
        .noneMatch(file -> file.getFileName().toString().contains("-tmp-"));
  }

  @Test
  void oldLeftoversOfTheDeadAreRemovedAndYoungOnesStay() throws IOException {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    LocalStore later =
        new LocalStore(root, Clock.fixed(now, ZoneOffset.UTC), UncachedWriting.ofPlatform());
    Path index = root.resolve("index");
    Path old = leftover(index, "a".repeat(64) + "-tmp-77", now.minus(Duration.ofHours(25)));
    Path young = leftover(index, "b".repeat(64) + "-tmp-78", now.minus(Duration.ofHours(23)));
    Path foreign = leftover(index, "notes-tmp-old", now.minus(Duration.ofDays(99)));

    Stored.put(later, ObjectType.INDEX, BYTES);

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(foreign).exists();
  }

  @Test
  void anUnwritableFolderIsNamed() throws IOException {
    assumeTrue(isNotRoot(), "root may write everywhere");
    Path index = root.resolve("index");
    Files.setPosixFilePermissions(index, PosixFilePermissions.fromString("r-x------"));

    assertThatThrownBy(() -> Stored.put(store, ObjectType.INDEX, BYTES))
        .isInstanceOf(InputOutput.class)
        .hasMessageContaining(index.toString())
        .hasMessageContaining("permission denied");
  }

  @Test
  void aFileWhereAFolderShouldBeIsNamed() throws IOException {
    Files.delete(root.resolve("index"));
    Files.writeString(root.resolve("index"), "in the way");

    assertThatThrownBy(() -> Stored.put(store, ObjectType.INDEX, BYTES))
        .isInstanceOf(InputOutput.class)
        .hasMessageContaining(root.resolve("index").toString());
    assertThatThrownBy(store::create).isInstanceOf(InputOutput.class);
  }

  @Test
  void aFolderWhereAnObjectShouldBeIsAnError() throws IOException {
    ObjectKey key = Stored.key(ObjectType.INDEX, BYTES);
    Files.createDirectories(root.resolve(key.path()).resolve("inside"));

    assertThatThrownBy(() -> store.get(key)).isInstanceOf(InputOutput.class);
    assertThatThrownBy(() -> store.put(key, ByteBuffer.wrap(BYTES)))
        .isInstanceOf(InputOutput.class);
    assertThatThrownBy(() -> store.delete(key)).isInstanceOf(InputOutput.class);
    assertThat(store.exists(key)).isFalse();
    assertThat(names(root.resolve("index"))).containsExactly(key.hash().toHex());
  }

  @Test
  void aMonstrousFileIsRefusedBeforeItIsRead() throws IOException {
    ObjectKey key = Stored.key(ObjectType.INDEX, BYTES);
    try (RandomAccessFile file = new RandomAccessFile(root.resolve(key.path()).toFile(), "rw")) {
      file.setLength(5L << 30);
    }

    assertThatThrownBy(() -> store.get(key))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("5368709120 bytes");
    assertThat(store.length(key)).isEqualTo(5L << 30);
    assertThat(Stored.read(store, key, (5L << 30) - 3, 3)).containsExactly(0, 0, 0);
  }

  private Path putLarge(LocalStore to, ByteBuffer content, byte[] bytes) {
    ObjectKey key = Stored.key(ObjectType.PACK, bytes);
    to.put(key, content);
    return root.resolve(key.path());
  }

  private static ByteBuffer aligned(byte[] bytes) {
    return AlignedMemory.of(bytes.length).put(0, bytes).slice(0, bytes.length);
  }

  private static boolean isCached(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).isLoaded();
    }
  }

  private String packFolder() {
    return Stored.key(ObjectType.PACK, BYTES).hash().toHex().substring(0, 2);
  }

  private static Path leftover(Path folder, String name, Instant modified) throws IOException {
    Path file = Files.write(folder.resolve(name), "torn".getBytes(UTF_8));
    return Files.setLastModifiedTime(file, FileTime.from(modified));
  }

  private static boolean isNotRoot() {
    return !"root".equals(System.getProperty("user.name"));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static List<String> names(Path path) throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  private List<Path> allFiles() throws IOException {
    try (Stream<Path> entries = Files.walk(root)) {
      return entries.filter(Files::isRegularFile).toList();
    }
  }
}
