package dev.holdfast.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class SmallCodecsTest {
  private static final String HEX =
      "0000000000000001000000000000000200000000000000030000000000000004";
  private static final Hash HASH = new Hash(1, 2, 3, 4);
  private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-01-02T03:04:05.6+01:00");
  private static final String TIME_TEXT = "2026-01-02T03:04:05.6+01:00";
  private static final String CONFIG =
      "{\"version\":2,\"id\":\"" + HEX + "\",\"chunker_polynomial\":\"3da3358b4dc173\"}";
  private static final String LOCK =
      "{\"time\":\""
          + TIME_TEXT
          + "\",\"exclusive\":true,\"hostname\":\"h\",\"username\":\"u\",\"pid\":7,\"gid\":100}";
  private static final String KEY =
      "{\"created\":\""
          + TIME_TEXT
          + "\",\"username\":\"u\",\"hostname\":\"h\",\"kdf\":\"scrypt\",\"N\":32768,\"r\":8,"
          + "\"p\":3,\"salt\":\"AQID\",\"data\":\"BAUG\"}";
  private static final String SNAPSHOT =
      "{\"time\":\"2026-01-02T03:04:05.6+01:00\",\"parent\":\"@\",\"tree\":\"@\",\"paths\":[\"/a\"],"
          + "\"hostname\":\"h\",\"username\":\"u\",\"uid\":1,\"gid\":2,\"excludes\":[\"x\"],"
          + "\"tags\":[\"t\"],\"original\":\"@\",\"program_version\":\"restic 0.17.0\",\"summary\":{"
          + "\"backup_start\":\"2026-01-02T03:04:05.6+01:00\",\"backup_end\":\"2026-01-02T03:04:05.6+01:00\","
          + "\"files_new\":1,\"files_changed\":2,\"files_unmodified\":3,\"dirs_new\":4,"
          + "\"dirs_changed\":5,\"dirs_unmodified\":6,\"data_blobs\":7,\"tree_blobs\":8,"
          + "\"data_added\":9,\"data_added_packed\":10,\"total_files_processed\":11,"
          + "\"total_bytes_processed\":12}}";
  private static final String INDEX =
      "{\"packs\":[{\"id\":\"@\",\"blobs\":[{\"id\":\"@\",\"type\":\"data\",\"offset\":0,\"length\":38,"
          + "\"uncompressed_length\":40},{\"id\":\"@\",\"type\":\"tree\",\"offset\":38,\"length\":50}]}]}\n";

  @Test
  void configIsReadAndWritten() {
    RepositoryConfig config = ConfigCodec.decode(bytes(CONFIG));
    assertThat(config).isEqualTo(new RepositoryConfig(2, HASH, 0x3DA3358B4DC173L));
    assertThat(ConfigCodec.encode(config)).isEqualTo(bytes(CONFIG));
  }

  @Test
  void configThatCannotBeUsedSaysWhy() {
    assertRefused(CONFIG.replace(":2", ":3"), ConfigCodec::decode, Unsupported.class, "version 3");
    assertRefused(CONFIG.replace(":2", ":0"), ConfigCodec::decode, Unsupported.class, "version 0");
    assertRefused("{\"version\":9}", ConfigCodec::decode, Unsupported.class, "version 9");
    assertRefused("{\"version\":2}", ConfigCodec::decode, Corrupt.class, "id");
    assertRefused(CONFIG.replace("3da", "3db"), ConfigCodec::decode, Corrupt.class, "polynomial");
    assertRefused(
        CONFIG.replace("3da3358b4dc173", "7"), ConfigCodec::decode, Corrupt.class, "polynomial");
    assertRefused(CONFIG.replace("3da", "xyz"), ConfigCodec::decode, Corrupt.class, "polynomial");
  }

  @Test
  void lockIsReadAndWritten() {
    LockFile lock = LockFileCodec.decode(bytes(LOCK));
    assertThat(lock).isEqualTo(new LockFile(TIME, true, "h", "u", 7, 0, 100));
    assertThat(LockFileCodec.encode(lock)).isEqualTo(bytes(LOCK));
  }

  @Test
  void keyFileIsReadAndWritten() {
    KeyFile key = KeyFileCodec.decode(bytes(KEY));
    assertThat(key.salt()).containsExactly(1, 2, 3);
    assertThat(key.data()).containsExactly(4, 5, 6);
    assertThat(KeyFileCodec.encode(key)).isEqualTo(bytes(KEY));
  }

  @Test
  void keyFileWithoutWhatIsOptionalIsRead() {
    KeyFile key =
        KeyFileCodec.decode(bytes("{\"kdf\":\"scrypt\",\"salt\":\"\",\"data\":\"\",\"N\":2}"));
    assertThat(key.created()).isEqualTo(GoTime.ZERO);
    assertThat(key.hostname()).isEmpty();
  }

  @Test
  void keyFileThatCannotBeUsedSaysWhy() {
    assertRefused(
        KEY.replace("scrypt", "argon"), KeyFileCodec::decode, Unsupported.class, "scrypt");
    assertRefused(KEY.replace("AQID", "A*ID"), KeyFileCodec::decode, Corrupt.class, "salt");
    assertRefused(KEY.replace("\"salt\"", "\"s\""), KeyFileCodec::decode, Corrupt.class, "salt");
    assertRefused(KEY.replace("32768", "-1"), KeyFileCodec::decode, Corrupt.class, "'N'");
    assertRefused(KEY.replace("32768", "2147483648"), KeyFileCodec::decode, Corrupt.class, "'N'");
  }

  @Test
  void snapshotIsReadAndWritten() {
    byte[] json = bytes(SNAPSHOT.replace("@", HEX));
    Snapshot snapshot = SnapshotCodec.decode(json);
    assertThat(snapshot.tree()).isEqualTo(new BlobId(HASH));
    assertThat(snapshot.summary().totalBytesProcessed()).isEqualTo(12);
    assertThat(new String(SnapshotCodec.encode(snapshot), StandardCharsets.UTF_8))
        .isEqualTo(new String(json, StandardCharsets.UTF_8));
  }

  @Test
  void leastSnapshotIsReadAndLeavesOutWhatIsEmpty() {
    Snapshot snapshot =
        SnapshotCodec.decode(bytes("{\"tree\":\"" + HEX + "\",\"paths\":null,\"label\":[1]}"));
    assertThat(new String(SnapshotCodec.encode(snapshot), StandardCharsets.UTF_8))
        .isEqualTo("{\"time\":\"0001-01-01T00:00:00Z\",\"tree\":\"" + HEX + "\",\"paths\":[]}");
    assertRefused("{\"tree\":null}", SnapshotCodec::decode, Corrupt.class, "tree");
  }

  @Test
  void indexIsReadAndWritten() {
    byte[] json = bytes(INDEX.replace("@", HEX));
    IndexFile index = Indexes.decode(json);
    assertThat(index.packs()).hasSize(1);
    assertThat(index.packs().getFirst().blobs().getFirst().uncompressedLengthBytes()).isEqualTo(40);
    assertThat(IndexCodec.encode(index)).isEqualTo(json);
  }

  @Test
  void indexWithTheIdLastAndOtherMembersIsRead() {
    String json =
        "{\"supersedes\":[\"x\"],\"packs\":[{\"time\":\"t\",\"blobs\":[{\"length\":33,\"offset\":1,"
            + "\"type\":\"tree\",\"id\":\"@\",\"location\":{}}],\"size\":5,\"id\":\"@\"}],\"packs_to_delete\":[]}";
    IndexFile index = Indexes.decode(bytes(json.replace("@", HEX)));
    assertThat(index.packs())
        .containsExactly(
            new IndexFile.Entry(
                new PackId(HASH),
                List.of(
                    new PackedBlob(new BlobHandle(BlobType.TREE, new BlobId(HASH)), 1, 33, 0))));
  }

  @Test
  void indexOutOfRangeIsCorruptAndNamesTheField() {
    assertIndexCorrupt("\"offset\":38", "\"offset\":4294967296", "offset");
    assertIndexCorrupt("\"offset\":38", "\"offset\":4294967290", "4 GiB");
    assertIndexCorrupt("\"length\":38", "\"length\":-1", "length");
    assertIndexCorrupt("\"length\":38", "\"length\":0", "length");
    assertIndexCorrupt("\"length\":38", "\"length\":2147483648", "length");
    assertIndexCorrupt("\"tree\"", "\"cat\"", "type");
    assertIndexCorrupt("{\"packs\":[{\"id\":\"@\"", "{\"packs\":[{\"x\":\"@\"", "id");
    assertIndexCorrupt("{\"packs\":[{", "{\"packs\":[{\"id\":\"@\",", "two ids");
  }

  @Test
  void damagedFilesAreReadOrRefusedAndNothingElse() {
    damage(CONFIG, ConfigCodec::decode);
    damage(LOCK, LockFileCodec::decode);
    damage(KEY, KeyFileCodec::decode);
    damage(SNAPSHOT.replace("@", HEX), SnapshotCodec::decode);
    damage(INDEX.replace("@", HEX), Indexes::decode);
  }

  private static void damage(String json, Consumer<byte[]> decode) {
    byte[] good = bytes(json);
    for (int at = 0; at < good.length; at++) {
      for (int change : new int[] {1, 2, 0x20, 0x80}) {
        byte[] damaged = good.clone();
        damaged[at] ^= (byte) change;
        readOrRefused(damaged, decode);
      }
      readOrRefused(Arrays.copyOf(good, at), decode);
    }
  }

  private static void readOrRefused(byte[] json, Consumer<byte[]> decode) {
    try {
      decode.accept(json);
    } catch (Corrupt | Unsupported expected) {
      assertThat(expected).message().isNotEmpty();
    }
  }

  private static void assertIndexCorrupt(String part, String replacement, String named) {
    String json = INDEX.replace(part, replacement).replace("@", HEX);
    assertRefused(json, Indexes::decode, Corrupt.class, named);
  }

  private static void assertRefused(
      String json, Consumer<byte[]> decode, Class<? extends HoldfastException> type, String named) {
    assertThatThrownBy(() -> decode.accept(bytes(json)))
        .isInstanceOf(type)
        .hasMessageContaining(named);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
