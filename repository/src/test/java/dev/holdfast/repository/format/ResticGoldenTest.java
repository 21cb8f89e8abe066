package dev.holdfast.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What restic wrote is understood, and written again to the byte.
final class ResticGoldenTest {
  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void configIsWrittenAgainIdentically(String version) throws Exception {
    byte[] json = new ResticRepository(version).config();

    RepositoryConfig config = ConfigCodec.decode(json);

    assertThat(config.version()).isEqualTo(version.charAt(1) - '0');
    assertSameText(ConfigCodec.encode(config), json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void keyFileIsWrittenAgainIdentically(String version) throws Exception {
    ResticRepository repository = new ResticRepository(version);
    for (ObjectKey key : repository.list(ObjectType.KEY)) {
      byte[] json = repository.raw(key);
      assertSameText(KeyFileCodec.encode(KeyFileCodec.decode(json)), json);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void snapshotIsWrittenAgainIdentically(String version) throws Exception {
    ResticRepository repository = new ResticRepository(version);
    List<ObjectKey> keys = repository.list(ObjectType.SNAPSHOT);
    assertThat(keys).hasSize(1);
    byte[] json = repository.unpacked(keys.getFirst());

    Snapshot snapshot = SnapshotCodec.decode(json);

    assertThat(snapshot.tags()).containsExactly("one", "<two>");
    assertSameText(SnapshotCodec.encode(snapshot), json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void indexIsWrittenAgainIdentically(String version) throws Exception {
    ResticRepository repository = new ResticRepository(version);
    for (ObjectKey key : repository.list(ObjectType.INDEX)) {
      byte[] json = repository.unpacked(key);
      assertSameText(IndexCodec.encode(Indexes.decode(json)), json);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void headersAgreeWithTheIndexAndAreWrittenAgainIdentically(String version) throws Exception {
    ResticRepository repository = new ResticRepository(version);
    int packs = 0;
    for (ObjectKey key : repository.list(ObjectType.INDEX)) {
      for (IndexFile.Entry entry : Indexes.decode(repository.unpacked(key)).packs()) {
        ObjectKey pack = new ObjectKey(ObjectType.PACK, entry.pack().hash());
        byte[] header = repository.header(pack);
        List<PackedBlob> blobs = PackHeader.decode(header, repository.raw(pack).length);
        assertThat(blobs).containsExactlyInAnyOrderElementsOf(entry.blobs());
        assertThat(PackHeader.encode(blobs)).isEqualTo(header);
        packs++;
      }
    }
    assertThat(packs).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void treesAreWrittenAgainIdenticallyAndHoldTheNamesThatWereMade(String version) throws Exception {
    Map<String, Node> nodes = new HashMap<>();
    for (byte[] json : trees(new ResticRepository(version))) {
      TreeCodec.DecodedTree decoded = TreeCodec.read(json);
      assertThat(decoded.wasOrdered()).isTrue();
      assertSameText(TreeCodec.encode(decoded.tree()), json);
      decoded.tree().nodes().forEach(node -> nodes.put(node.name(), node));
    }

    byte[] invalid = {(byte) 0xff, (byte) 0xc3, '('};
    assertThat(nodes)
        .containsKeys(
            "quote\"back\\slash", "a<b>&c", "naïve 中文 😀", "combining e\u0301 กำ \uD840\uDC00")
        .containsKey("space\u00a0hyphen\u00adline\u2028bom\ufeffzero\u200b")
        .containsKey("control\u0001\u0007\b\t\n\u000b\f\r\u001f\u007f");
    assertThat(nodes.keySet())
        .anyMatch(name -> name.startsWith("invalid" + OsString.decode(invalid)));
    assertThat(nodes.get("set-id").mode()).isEqualTo(FileMode.of(NodeType.FILE, 06755));
    assertThat(nodes.get("hard").links()).isEqualTo(2);
    assertThat(nodes.get("empty").content()).isEqualTo(BlobIds.EMPTY);
    assertThat(nodes.get("link").linkTarget()).isEqualTo("target <&> \u2028 \"q\" \\");
    assertThat(nodes.get("link").content()).isNull();
  }

  private static List<byte[]> trees(ResticRepository repository) throws Exception {
    List<byte[]> trees = new ArrayList<>();
    for (ObjectKey key : repository.list(ObjectType.INDEX)) {
      for (IndexFile.Entry entry : Indexes.decode(repository.unpacked(key)).packs()) {
        for (PackedBlob blob : entry.blobs()) {
          byte[] plain = repository.blob(entry.pack(), blob);
          byte[] hash = MessageDigest.getInstance("SHA-256").digest(plain);
          assertThat(Hash.read(hash, 0)).isEqualTo(blob.handle().id().hash());
          if (blob.handle().type() == BlobType.TREE) {
            trees.add(plain);
          }
        }
      }
    }
    return trees;
  }

  private static void assertSameText(byte[] actual, byte[] expected) {
    assertThat(new String(actual, StandardCharsets.UTF_8))
        .isEqualTo(new String(expected, StandardCharsets.UTF_8));
    assertThat(actual).isEqualTo(expected);
  }
}
