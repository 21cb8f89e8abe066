package dev.holdfast.engine.archive.write;

/// Numbers with their lowest byte first.
final class LittleEndian {
  private LittleEndian() {}

  /// The lowest `bytes` bytes of a number.
  static byte[] of(long value, int bytes) {
    byte[] result = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      result[i] = (byte) (value >>> (Byte.SIZE * i));
    }
    return result;
  }
}
