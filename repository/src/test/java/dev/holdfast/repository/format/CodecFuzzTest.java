package dev.holdfast.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.testkit.Fuzzer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever bytes the codecs get, they read them or refuse them; what they read they can write, and
/// read again as the same.
class CodecFuzzTest {
  private static Fuzzer fuzzer(String name) {
    return Fuzzer.of(CodecFuzzTest.class, name).allowing(Corrupt.class, Unsupported.class);
  }

  @Test
  void treesAreReadOrRefused() {
    fuzzer("tree")
        .run(input -> {
          Tree tree = TreeCodec.decode(input);
          for (Node node : tree.nodes()) {
            assertThat(EntryName.objection(node.name())).isNotNull();
          }
          byte[] written = TreeCodec.encode(tree);
          // Not the trees: of attributes that are kept as JSON, only white space is lost.
          assertThat(TreeCodec.encode(TreeCodec.decode(written))).isEqualTo(written);
        });
  }

  @Test
  void snapshotsAreReadOrRefused() {
    fuzzer("snapshot")
        .run(input -> {
          Snapshot snapshot = SnapshotCodec.decode(input);
          assertThat(SnapshotCodec.decode(SnapshotCodec.encode(snapshot))).isEqualTo(snapshot);
        });
  }

  @Test
  void indexesAreReadOrRefused() {
    fuzzer("index")
        .run(input -> {
          IndexFile file = Indexes.decode(input);
          assertThat(Indexes.decode(IndexCodec.encode(file))).isEqualTo(file);
        });
  }

  @Test
  void packHeadersAreReadOrRefused() {
    fuzzer("pack-header")
        .run(input -> {
          long packBytes = Integer.toUnsignedLong(ByteBuffer.wrap(input).hashCode());
          List<PackedBlob> blobs = PackHeader.decode(input, packBytes);
          assertThat(PackHeader.encode(blobs)).isEqualTo(input);
        });
  }

  @Test
  void configsAreReadOrRefused() {
    fuzzer("config")
        .run(input -> {
          RepositoryConfig config = ConfigCodec.decode(input);
          assertThat(ConfigCodec.decode(ConfigCodec.encode(config))).isEqualTo(config);
        });
  }

  @Test
  void keyFilesAreReadOrRefused() {
    fuzzer("key")
        .run(input -> {
          KeyFile key = KeyFileCodec.decode(input);
          assertThat(KeyFileCodec.decode(KeyFileCodec.encode(key))).isEqualTo(key);
        });
  }

  @Test
  void masterKeysAreReadOrRefused() {
    fuzzer("master-key").run(input -> MasterKeyJson.decode(input));
  }

  @Test
  void locksAreReadOrRefused() {
    fuzzer("lock")
        .run(input -> {
          LockFile lock = LockFileCodec.decode(input);
          assertThat(LockFileCodec.decode(LockFileCodec.encode(lock))).isEqualTo(lock);
        });
  }

  @Test
  void timesAreReadOrRefused() {
    Fuzzer.of(CodecFuzzTest.class, "go-time")
        .allowing(DateTimeParseException.class)
        .run(input -> {
          OffsetDateTime time = GoTime.parse(new String(input, StandardCharsets.UTF_8));
          assertThat(GoTime.parse(GoTime.format(time))).isEqualTo(time);
        });
  }

  @Test
  void quotedNamesAreReadOrRefused() {
    Fuzzer.of(CodecFuzzTest.class, "go-quote")
        .run(input -> {
          String name = GoQuote.unquote(new String(input, StandardCharsets.UTF_8));
          if (name != null && EntryName.objection(name).isEmpty()) {
            List<Node> nodes = new ArrayList<>();
            nodes.add(Node.builder(name, NodeType.FIFO).build());
            assertThat(
                    TreeCodec.decode(TreeCodec.encode(new Tree(nodes))).nodes().getFirst().name())
                .isEqualTo(name);
          }
        });
  }
}
