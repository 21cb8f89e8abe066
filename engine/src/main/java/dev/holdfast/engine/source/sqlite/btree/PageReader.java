package dev.holdfast.engine.source.sqlite.btree;

import java.io.IOException;

/// Reads whole pages of an image, by their numbers, which start at 1.
public final class PageReader {
  private final Bytes bytes;
  private final int pageSizeBytes;
  private final int usableBytes;
  private final long pageCount;

  /// The bytes of the image.
  @FunctionalInterface
  public interface Bytes {
    /// Fills `length` bytes of `target` from `offset` with what is at `position`.
    void read(long position, byte[] target, int offset, int length) throws IOException;
  }

  /// @param reservedBytes at the end of each page, for extensions; not looked at here
  public PageReader(Bytes bytes, int pageSizeBytes, int reservedBytes, long pageCount) {
    this.bytes = bytes;
    this.pageSizeBytes = pageSizeBytes;
    this.usableBytes = pageSizeBytes - reservedBytes;
    this.pageCount = pageCount;
  }

  int pageSizeBytes() {
    return pageSizeBytes;
  }

  /// What of a page is used for content; at least 480 by the format.
  int usableBytes() {
    return usableBytes;
  }

  long pageCount() {
    return pageCount;
  }

  /// Reads a page that `referrer` points to.
  void read(long page, byte[] target, String referrer) throws IOException, MalformedPageException {
    checkExists(page, referrer);
    bytes.read((page - 1) * pageSizeBytes, target, 0, pageSizeBytes);
  }

  /// Reads the header of a page's b-tree node: type, cells and the rest.
  void readHeader(long page, byte[] target, String referrer)
      throws IOException, MalformedPageException {
    checkExists(page, referrer);
    bytes.read((page - 1) * pageSizeBytes, target, 0, Node.HEADER_BYTES);
  }

  private void checkExists(long page, String referrer) throws MalformedPageException {
    if (page < 1 || page > pageCount) {
      throw new MalformedPageException(
          "%s refers to page %d of %d".formatted(referrer, page, pageCount));
    }
  }
}
