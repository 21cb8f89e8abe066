package dev.holdfast.repository.format;

/// Index file to bytes and back.
public final class IndexCodec {
  private IndexCodec() {}

  public static byte[] encode(IndexFile file) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(file.toString());
  }

  /// Tells `visitor` what the index file says. When this throws, the visitor may have been told a
  /// part of it.
  public static void decode(byte[] json, IndexVisitor visitor) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("decode " + json.length + visitor);
  }
}
