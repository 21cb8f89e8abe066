package dev.holdfast.repository.format;

/// Key file to bytes and back.
public final class KeyFileCodec {
  private KeyFileCodec() {}

  public static byte[] encode(KeyFile file) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(file.toString());
  }

  public static KeyFile decode(byte[] json) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("decode " + json.length);
  }
}
