package dev.holdfast.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PackHeaderTest {
  private static final BlobId ID = new BlobId(new Hash(1, 2, 3, 4));
  private static final long PACK_BYTES = 100_000;
  private static final List<PackedBlob> BLOBS =
      List.of(
          blob(BlobType.DATA, 0, 100, 0),
          blob(BlobType.TREE, 100, 50, 0),
          blob(BlobType.DATA, 150, 33, 0x01020304),
          blob(BlobType.TREE, 183, 77, 1));

  @Test
  void entriesHaveTheirBytes() {
    String id = "0000000000000001000000000000000200000000000000030000000000000004";
    assertThat(HexFormat.of().formatHex(PackHeader.encode(BLOBS)))
        .isEqualTo(
            "0064000000"
                + id
                + "0132000000"
                + id
                + "022100000004030201"
                + id
                + "034d00000001000000"
                + id);
    assertThat(PackHeader.lengthBytes(BLOBS)).isEqualTo(2 * 37 + 2 * 41);
  }

  @Test
  void entriesAreReadBackWithTheirOffsets() {
    assertThat(PackHeader.decode(PackHeader.encode(BLOBS), PACK_BYTES)).isEqualTo(BLOBS);
  }

  @Test
  void gapBetweenBlobsIsABug() {
    List<PackedBlob> gap = List.of(blob(BlobType.DATA, 1, 100, 0));
    assertThatThrownBy(() -> PackHeader.encode(gap)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyCutHeaderIsCorrupt() {
    byte[] header = PackHeader.encode(BLOBS);
    for (int length = 1; length < header.length; length++) {
      if (length == 37 || length == 74 || length == 115) {
        continue;
      }
      byte[] cut = Arrays.copyOf(header, length);
      assertThatThrownBy(() -> PackHeader.decode(cut, PACK_BYTES))
          .isInstanceOf(Corrupt.class)
          .hasMessageContaining("cut off");
    }
  }

  @Test
  void unknownTypesAndLengthsOutOfRangeAreCorruptAndNamed() {
    assertCorrupt(0, 4, "type");
    assertCorrupt(0, 0xff, "type");
    assertCorrupt(4, 0x80, "length");
    assertCorrupt(4, 0x7f, "longer than the pack");
    assertCorrupt(1, 0, "field 'length' is 0");
    assertCorrupt(74 + 8, 0xff, "uncompressed length");
  }

  @Test
  void blobsMustEndBeforeTheHeader() {
    byte[] header = PackHeader.encode(BLOBS);
    long least = 260L + header.length + PackHeader.LENGTH_FIELD_BYTES;
    assertThat(PackHeader.decode(header, least)).hasSize(4);
    assertThatThrownBy(() -> PackHeader.decode(header, least - 1)).isInstanceOf(Corrupt.class);
  }

  private static void assertCorrupt(int at, int value, String named) {
    byte[] header = PackHeader.encode(BLOBS);
    header[at] = (byte) value;
    assertThatThrownBy(() -> PackHeader.decode(header, PACK_BYTES))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining(named);
  }

  private static PackedBlob blob(BlobType type, long offset, int length, int uncompressed) {
    return new PackedBlob(new BlobHandle(type, ID), offset, length, uncompressed);
  }
}
