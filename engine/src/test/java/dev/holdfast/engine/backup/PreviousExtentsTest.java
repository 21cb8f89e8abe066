package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeBuilder;
import dev.holdfast.repository.format.NodeType;
import org.junit.jupiter.api.Test;

final class PreviousExtentsTest {
  private static final BlobId ONE = new BlobId(new Hash(1, 0, 0, 0));
  private static final BlobId TWO = new BlobId(new Hash(2, 0, 0, 0));

  private static NodeBuilder node() {
    return Node.builder("app.db", NodeType.FILE).content(BlobIds.of(ONE, TWO)).sizeBytes(30);
  }

  private static long length(BlobId id) {
    return id.equals(ONE) ? 10 : 20;
  }

  @Test
  void lengthsComeFromTheIndex() {
    PreviousExtents extents = PreviousExtents.of(node().build(), PreviousExtentsTest::length);
    assertThat(extents).isNotNull();
    assertThat(extents.count()).isEqualTo(2);
    assertThat(extents.lengthBytes(1)).isEqualTo(20);
    assertThat(extents.id(1)).isEqualTo(TWO);
    assertThat(extents.ids(1, 2)).isEqualTo(BlobIds.of(TWO));
  }

  @Test
  void nothingIsKnownIfTheIndexLacksABlob() {
    assertThat(PreviousExtents.of(node().build(), id -> id.equals(TWO) ? -1 : 10)).isNull();
  }

  @Test
  void nothingIsKnownIfTheBlobsAreNotTheFile() {
    assertThat(PreviousExtents.of(node().sizeBytes(31).build(), PreviousExtentsTest::length))
        .isNull();
    assertThat(PreviousExtents.of(node().build(), _ -> PreviousExtents.MAX_EXTENT_BYTES + 1L))
        .isNull();
  }

  @Test
  void nothingIsKnownWithoutAFileInTheParent() {
    assertThat(PreviousExtents.of(null, PreviousExtentsTest::length)).isNull();
    Node empty = Node.builder("app.db", NodeType.FILE).sizeBytes(0).build();
    assertThat(PreviousExtents.of(empty, PreviousExtentsTest::length)).isNull();
  }
}
