package dev.holdfast.repository.format;

/// Snapshot file to bytes and back.
public final class SnapshotCodec {
  private SnapshotCodec() {}

  public static byte[] encode(Snapshot snapshot) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(snapshot.toString());
  }

  public static Snapshot decode(byte[] json) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("decode " + json.length);
  }
}
