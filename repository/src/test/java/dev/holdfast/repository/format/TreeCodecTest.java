package dev.holdfast.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TreeCodecTest {
  private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-01-02T03:04:05.6+01:00");
  private static final String TIMES =
      "\"mtime\":\"2026-01-02T03:04:05.6+01:00\",\"atime\":\"2026-01-02T03:04:05.6+01:00\","
          + "\"ctime\":\"2026-01-02T03:04:05.6+01:00\"";
  private static final BlobId BLOB = new BlobId(new Hash(1, 2, 3, -1));
  private static final String BLOB_HEX =
      "\"000000000000000100000000000000020000000000000003ffffffffffffffff\"";

  @Test
  void emptyTreeHasItsKnownBytes() {
    assertThat(text(new Tree(List.of()))).isEqualTo("{\"nodes\":[]}\n");
    assertThat(TreeCodec.decode(bytes("{\"nodes\":[]}\n")).nodes()).isEmpty();
    assertThat(TreeCodec.decode(bytes("{\"nodes\":null}")).nodes()).isEmpty();
  }

  @Test
  void fieldsAppearInOrderAndEmptyOnesAreLeftOut() {
    Node node = node("f", NodeType.FILE).content(BlobIds.EMPTY).build();
    assertThat(text(new Tree(List.of(node))))
        .isEqualTo(
            "{\"nodes\":[{\"name\":\"f\",\"type\":\"file\","
                + TIMES
                + ",\"uid\":0,\"gid\":0,\"content\":[]}]}\n");
  }

  /// Each attribute takes 26 bytes of JSON and several times that once it is read.
  @Test
  void aTreeThatCouldNotBeReadAgainIsNotMade() {
    int nodes = (int) (Runtime.getRuntime().maxMemory() >> 21);
    List<ExtendedAttribute> attributes =
        Collections.nCopies(10_000, new ExtendedAttribute("a", null));
    Node node = node("f", NodeType.FILE).extendedAttributes(attributes).build();

    assertThatThrownBy(() -> TreeCodec.encode(new Tree(Collections.nCopies(nodes, node))))
        .isInstanceOf(Unsupported.class)
        .hasMessageContaining("a folder with " + nodes + " entries: tree holds more than can be");
  }

  @Test
  void whatManyNodesHaveAlikeIsInMemoryOnce() {
    Node node = node("f", NodeType.FILE).user("somebody").group("some").build();
    List<Node> read =
        TreeCodec.decode(
                TreeCodec.encode(
                    new Tree(List.of(node, node("g", NodeType.FILE).user("somebody").build()))))
            .nodes();

    assertThat(read.getLast().user()).isSameAs(read.getFirst().user()).isEqualTo("somebody");
    assertThat(read.getLast().changeTime()).isSameAs(read.getFirst().modificationTime());
  }

  @Test
  void everyFieldIsWrittenInOrderAndReadBack() {
    Node node = fullNode();
    String json =
        "{\"nodes\":[{\"name\":\"n\",\"type\":\"chardev\",\"mode\":2147484141,"
            + TIMES
            + ",\"uid\":1,\"gid\":4294967295,\"user\":\"u\",\"group\":\"g\","
            + "\"inode\":18446744073709551615,\"device_id\":5,\"size\":6,\"links\":7,"
            + "\"linktarget\":\"l\\u003c\\u2028\\\"\\b\\u0001\\ufffd\",\"linktarget_raw\":\"bDzigKgiCAH/\","
            + "\"extended_attributes\":[{\"name\":\"a\",\"value\":\"AQI=\"},"
            + "{\"name\":\"b\",\"value\":null},{\"name\":\"c\",\"value\":\"\"}],"
            + "\"generic_attributes\":{\"windows.x\":{\"k\":[1,\"\\u003c\"]}},"
            + "\"device\":8,\"content\":["
            + BLOB_HEX
            + ","
            + BLOB_HEX
            + "],\"subtree\":"
            + BLOB_HEX
            + ",\"error\":\"e\"}]}\n";

    assertThat(text(new Tree(List.of(node)))).isEqualTo(json);
    assertThat(TreeCodec.encode(TreeCodec.decode(bytes(json)))).isEqualTo(bytes(json));
    Node read = TreeCodec.decode(bytes(json)).nodes().getFirst();
    assertThat(read.toBuilder().genericAttributes(node.genericAttributes()).build())
        .isEqualTo(node);
  }

  private static Node fullNode() {
    byte[] target = {'l', '<', (byte) 0xe2, (byte) 0x80, (byte) 0xa8, '"', 8, 1, (byte) 0xff};
    return node("n", NodeType.CHAR_DEVICE)
        .mode(2147484141L)
        .uid(1)
        .gid(4294967295L)
        .user("u")
        .group("g")
        .inode(-1)
        .deviceId(5)
        .sizeBytes(6)
        .links(7)
        .linkTarget(OsString.decode(target))
        .extendedAttributes(
            List.of(
                ExtendedAttribute.of("a", new byte[] {1, 2}),
                new ExtendedAttribute("b", null),
                new ExtendedAttribute("c", "")))
        .genericAttributes(new TreeMap<>(Map.of("windows.x", "{ \"k\" : [1, \"<\"] }")))
        .device(8)
        .content(BlobIds.of(BLOB, BLOB))
        .subtree(BLOB)
        .error("e")
        .build();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "22,\\\\\\\"",
        "5c,\\\\\\\\",
        "07,\\\\a",
        "08,\\\\b",
        "0c,\\\\f",
        "0a,\\\\n",
        "0d,\\\\r",
        "09,\\\\t",
        "0b,\\\\v",
        "01,\\\\x01",
        "1f,\\\\x1f",
        "7f,\\\\x7f",
        "3c,\\u003c",
        "26,\\u0026",
        "ff,\\\\xff",
        "c328,\\\\xc3(",
        "eda080,\\\\xed\\\\xa0\\\\x80",
        "c2a0,\\\\u00a0",
        "c2ad,\\\\u00ad",
        "c285,\\\\u0085",
        "e280a8,\\\\u2028",
        "efbbbf,\\\\ufeff",
        "cdb8,\\\\u0378",
        "ee8080,\\\\ue000",
        "f3a08081,\\\\U000e0001",
        "f09fbfbe,\\\\U0001fffe",
        "c3a9,é",
        "efbfbd,\ufffd",
        "e4b8ad,中",
        "f09f9880,😀",
        "f09fa0a0,🠠",
        "f09fabaf,\\\\U0001faef"
      })
  void namesAreEscapedAsGoEscapesThem(String nameHex, String written) {
    String name = OsString.decode(HexFormat.of().parseHex(nameHex));
    byte[] json = TreeCodec.encode(new Tree(List.of(node(name, NodeType.FIFO).build())));

    assertThat(new String(json, StandardCharsets.UTF_8))
        .startsWith("{\"nodes\":[{\"name\":\"" + written + "\",\"type\"");
    assertThat(TreeCodec.decode(json).nodes().getFirst().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\\\\303\\\\251,c3a9", "\\\\377,ff", "\\\\xc3\\\\xa9,c3a9", "\\\\u00e9,c3a9",
        "\\u00e9,c3a9", "\\ud800,efbfbd", "\\udc80,efbfbd", "\\\\U0001F600,f09f9880"
      })
  void otherFormsOfNamesAreRead(String written, String nameHex) {
    String json = "{\"nodes\":[{\"name\":\"" + written + "\",\"type\":\"fifo\"}]}";
    String name = TreeCodec.decode(bytes(json)).nodes().getFirst().name();
    assertThat(HexFormat.of().formatHex(OsString.encode(name))).isEqualTo(nameHex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\\\",
        "\\\\q",
        "\\\\x1",
        "\\\\xzz",
        "\\\\u12",
        "\\\\ud800",
        "\\\\U00110000",
        "\\\\400",
        "\\\\8",
        "\\\"",
        "\\n",
        "\\\\'",
        "",
        "\\\\U-0000001"
      })
  void namesThatGoRefusesAreCorrupt(String written) {
    assertCorrupt("{\"nodes\":[{\"name\":\"" + written + "\",\"type\":\"fifo\"}]}", "name");
  }

  @Test
  void unknownMembersAreSkippedAndUnsortedNodesAreSorted() {
    String json =
        "{\"a\":{\"b\":[1,{}]},\"nodes\":[{\"type\":\"fifo\",\"x\":[[]],\"name\":\"b\"},"
            + "{\"name\":\"a\",\"type\":\"fifo\",\"content\":null,\"subtree\":null,\"uid\":null}],\"z\":1}";

    TreeCodec.DecodedTree decoded = TreeCodec.read(bytes(json));

    assertThat(decoded.wasOrdered()).isFalse();
    assertThat(decoded.tree().nodes()).extracting(Node::name).containsExactly("a", "b");
    assertThat(decoded.tree().nodes().getFirst().modificationTime()).isEqualTo(GoTime.ZERO);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"fifo\"},{\"name\":\"a\",\"type\":\"dir\"}]}`,`two nodes`",
        "`{\"nodes\":[{\"name\":\"a\"}]}`,type",
        "`{\"nodes\":[{\"type\":\"dir\"}]}`,name",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"door\"}]}`,type",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"uid\":4294967296}]}`,uid",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"gid\":-1}]}`,gid",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"inode\":18446744073709551616}]}`,inode",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"size\":1.5}]}`,size",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"size\":18446744073709551615}]}`,size",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"mtime\":\"yesterday\"}]}`,mtime",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"content\":[\"00\"]}]}`,content",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"content\":[null]}]}`,content",
        "`{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"content\":{}}]}`,content",
        "`{\"nodes\":[{\"name\":1,\"type\":\"dir\"}]}`,name",
        "`{\"nodes\":{}}`,nodes",
        "`{\"nodes\":[1]}`,nodes",
        "`{\"nodes\":[]} x`,JSON",
        "`{\"nodes\":[]}{}`,end",
        "`{\"nodes\":[`,JSON",
        "`[]`,object",
        "``,object"
      })
  void whatIsNoTreeIsCorruptAndNamesTheField(String json, String named) {
    assertCorrupt(json, named);
  }

  @Test
  void hostileSizesAreCorruptAndNothingWorse() {
    assertCorrupt("{\"x\":" + "[".repeat(1_000_000), "JSON");
    assertCorrupt("{\"nodes\":[{\"size\":" + "9".repeat(100_000) + "}]}", "JSON");
    assertCorrupt("{\"nodes\":[{\"size\":1e999999999}]}", "size");
    assertCorrupt("{\"" + "n".repeat(2_000_000) + "\":1}", "JSON");
  }

  @Test
  void hashWithUpperCaseOrOtherCharactersIsCorrupt() {
    for (char c : new char[] {'A', 'g', '/', ':', '@', '`', '\u0661'}) {
      String id = "0".repeat(63) + c;
      assertCorrupt(
          "{\"nodes\":[{\"name\":\"a\",\"type\":\"dir\",\"subtree\":\"" + id + "\"}]}", "subtree");
    }
  }

  @Test
  void largeContentIsWrittenAndReadBack() {
    int count = 262_144;
    BlobIds.Builder ids = new BlobIds.Builder(count);
    for (int i = 0; i < count; i++) {
      ids.add(new BlobId(new Hash(i * 0x9E3779B97F4A7C15L, i, -i, ~i)));
    }
    Tree tree = new Tree(List.of(node("database", NodeType.FILE).content(ids.build()).build()));

    byte[] json = TreeCodec.encode(tree);

    assertThat(json.length).isGreaterThan(67 * count);
    assertThat(TreeCodec.decode(json).equals(tree)).isTrue();
  }

  @Test
  void damagedTreeIsReadOrCorruptAndNothingElse() {
    byte[] json = TreeCodec.encode(new Tree(List.of(fullNode())));
    for (int at = 0; at < json.length; at++) {
      for (int change : new int[] {1, 0x20, 0x80, 0xff}) {
        byte[] damaged = json.clone();
        damaged[at] ^= (byte) change;
        readOrCorrupt(damaged);
      }
      readOrCorrupt(Arrays.copyOf(json, at));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'type':'whiteout','content':null | field 'type' is not a type of node that is known",
        "'content':null,'type':'whiteout' | field 'type' is not a type of node that is known",
        "'content':null | field 'type' is missing"
      },
      quoteCharacter = '`')
  void whatReferencesAreReadOfSaysWhichFieldIsWrong(String members, String named) {
    byte[] json = bytes("{'nodes':[{'name':'a',%s}]}".formatted(members).replace('\'', '"'));

    assertThatThrownBy(() -> TreeCodec.references(json))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining(named);
  }

  private static void readOrCorrupt(byte[] json) {
    try {
      TreeCodec.encode(TreeCodec.decode(json));
    } catch (Corrupt expected) {
      assertThat(expected).hasMessageStartingWith("tree");
    }
  }

  private static void assertCorrupt(String json, String named) {
    assertThatThrownBy(() -> TreeCodec.decode(bytes(json)))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining(named);
  }

  private static NodeBuilder node(String name, NodeType type) {
    return Node.builder(name, type).modificationTime(TIME).accessTime(TIME).changeTime(TIME);
  }

  private static String text(Tree tree) {
    return new String(TreeCodec.encode(tree), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
