package dev.holdfast.engine.source.sqlite.btree;

import java.nio.charset.Charset;

/// Parses the five columns of a row of `sqlite_schema` (SQLite's file format, section 2.1).
final class SchemaRow {
  private static final int COLUMNS = 5;
  private static final int FIRST_TEXT_TYPE = 13;
  private static final int FIRST_BLOB_TYPE = 12;

  private final byte[] payload;
  private final long page;
  private final Charset encoding;
  private int at;

  private SchemaRow(byte[] payload, long page, Charset encoding, int bodyAt) {
    this.payload = payload;
    this.page = page;
    this.encoding = encoding;
    this.at = bodyAt;
  }

  static SchemaEntry parse(byte[] payload, long page, Charset encoding)
      throws MalformedPageException {
    Varints header = new Varints(payload, 0, page);
    long headerBytes = header.next();
    long[] types = new long[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      types[i] = header.next();
    }
    if (headerBytes < header.position() || headerBytes > payload.length) {
      throw new MalformedPageException(
          "a row of the schema on page %d has a header of %d bytes".formatted(page, headerBytes));
    }
    SchemaRow row = new SchemaRow(payload, page, encoding, (int) headerBytes);
    return new SchemaEntry(
        row.text(types[0]),
        row.text(types[1]),
        row.text(types[2]),
        row.integer(types[3]),
        row.text(types[4]));
  }

  private String text(long type) throws MalformedPageException {
    if (type == 0) {
      return "";
    }
    if (type < FIRST_TEXT_TYPE || type % 2 == 0) {
      throw unexpected(type);
    }
    int length = take((type - FIRST_TEXT_TYPE) / 2);
    return new String(payload, at - length, length, encoding);
  }

  private long integer(long type) throws MalformedPageException {
    if (type == 0 || type == 8 || type == 9) {
      return type == 9 ? 1 : 0;
    }
    if (type > 6) {
      throw unexpected(type);
    }
    int length = take(type == 5 ? 6 : type == 6 ? 8 : type);
    long value = payload[at - length];
    for (int i = at - length + 1; i < at; i++) {
      value = (value << 8) | (payload[i] & 0xff);
    }
    return value;
  }

  /// Moves behind the next `length` bytes.
  private int take(long length) throws MalformedPageException {
    if (length > payload.length - at) {
      throw new MalformedPageException("a row of the schema on page " + page + " is cut off");
    }
    at += (int) length;
    return (int) length;
  }

  private MalformedPageException unexpected(long type) {
    String what = type >= FIRST_BLOB_TYPE ? "a blob" : "type " + type;
    return new MalformedPageException(
        "a row of the schema on page %d holds %s".formatted(page, what));
  }
}
