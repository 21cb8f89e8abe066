package dev.holdfast.repository.format;

/// Lock file to bytes and back.
public final class LockFileCodec {
  private LockFileCodec() {}

  public static byte[] encode(LockFile lock) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(lock.toString());
  }

  public static LockFile decode(byte[] json) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("decode " + json.length);
  }
}
