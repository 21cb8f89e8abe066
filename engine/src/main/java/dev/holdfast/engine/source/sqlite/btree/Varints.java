package dev.holdfast.engine.source.sqlite.btree;

/// Reads SQLite's variable-length integers one after the other (file format, section 1.6).
final class Varints {
  private static final int LENGTH_MAX = 9;

  private final byte[] raw;
  private final long page;
  private int position;

  /// @param page named when the bytes end too early
  Varints(byte[] raw, int position, long page) {
    this.raw = raw;
    this.position = position;
    this.page = page;
  }

  long next() throws MalformedPageException {
    long value = 0;
    for (int i = 1; i <= LENGTH_MAX; i++) {
      if (position >= raw.length) {
        throw new MalformedPageException("a number on page " + page + " ends behind it");
      }
      int b = raw[position++] & 0xff;
      if (i == LENGTH_MAX) {
        return (value << 8) | b;
      }
      value = (value << 7) | (b & 0x7f);
      if (b < 0x80) {
        return value;
      }
    }
    throw new IllegalStateException("no end after " + LENGTH_MAX + " bytes");
  }

  int position() {
    return position;
  }
}
