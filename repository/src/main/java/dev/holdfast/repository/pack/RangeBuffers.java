package dev.holdfast.repository.pack;

/// Memory for one range of a pack and one of its blobs, kept from range to range: in new arrays of
/// that size the collector would spend more time than the copying does. One thread at a time.
final class RangeBuffers implements AutoCloseable {
  /// What is kept of each of the two; more is given back when it was used.
  static final int MAX_KEPT_BYTES = PackReader.MAX_RANGE_BYTES;

  private byte[] sealed = new byte[0];
  private byte[] plain = new byte[0];

  /// At least `bytes` for the sealed bytes of a range.
  byte[] sealed(int bytes) {
    if (bytes > MAX_KEPT_BYTES) {
      return new byte[bytes];
    }
    if (bytes > sealed.length) {
      sealed = new byte[larger(bytes, sealed.length)];
    }
    return sealed;
  }

  /// At least `bytes` for the plain bytes of a blob.
  byte[] plain(int bytes) {
    if (bytes > MAX_KEPT_BYTES) {
      return new byte[bytes];
    }
    if (bytes > plain.length) {
      plain = new byte[larger(bytes, plain.length)];
    }
    return plain;
  }

  private static int larger(int bytes, int before) {
    return Math.max(bytes, Math.min(2 * before, MAX_KEPT_BYTES));
  }

  /// Nothing has to be freed.
  @Override
  public void close() {}
}
