package dev.holdfast.repository.format;

/// Tree blob to bytes and back.
public final class TreeCodec {
  private TreeCodec() {}

  public static byte[] encode(Tree tree) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(tree.toString());
  }

  public static Tree decode(byte[] json) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("decode " + json.length);
  }
}
