package dev.holdfast.repository.store.sftp;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The bytes of one message of the protocol, being written or read. Numbers are big-endian; texts
/// and handles have their length before them.
final class Packet {
  // Types of messages, section 3 of the draft.
  static final int INIT = 1;
  static final int VERSION = 2;
  static final int OPEN = 3;
  static final int CLOSE = 4;
  static final int READ = 5;
  static final int WRITE = 6;
  static final int SETSTAT = 9;
  static final int OPENDIR = 11;
  static final int READDIR = 12;
  static final int REMOVE = 13;
  static final int MKDIR = 14;
  static final int STAT = 17;
  static final int RENAME = 18;
  static final int STATUS = 101;
  static final int HANDLE = 102;
  static final int DATA = 103;
  static final int NAME = 104;
  static final int ATTRS = 105;
  static final int EXTENDED = 200;

  // Which attributes follow, section 5.
  static final int HAS_SIZE = 1;
  static final int HAS_OWNER = 2;
  static final int HAS_MODE = 4;
  static final int HAS_TIMES = 8;
  static final int HAS_EXTENDED = 0x80000000;

  /// Data in one message: what every server must take.
  static final int MAX_DATA_BYTES = 32 * 1024;

  /// The longest message that is read. Servers send at most 256 KiB.
  static final int MAX_BYTES = 1 << 20;

  private static final int ROOM_BYTES = 8 * 1024;

  private final int type;
  private final ByteBuffer bytes;

  private Packet(int type, ByteBuffer bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  /// A message to be written. Texts in it are paths, which are short.
  static Packet of(int type) {
    return of(type, 0);
  }

  /// A message with room for so much data.
  static Packet of(int type, int dataBytes) {
    return new Packet(type, ByteBuffer.allocate(ROOM_BYTES + dataBytes));
  }

  /// A message that came.
  static Packet received(int type, byte[] content) {
    return new Packet(type, ByteBuffer.wrap(content));
  }

  int type() {
    return type;
  }

  Packet number(int value) {
    bytes.putInt(value);
    return this;
  }

  Packet longNumber(long value) {
    bytes.putLong(value);
    return this;
  }

  Packet text(String value) {
    return data(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
  }

  /// Writes the remaining bytes of `data`, whose position stays.
  Packet data(ByteBuffer data) {
    bytes.putInt(data.remaining());
    bytes.put(data.duplicate());
    return this;
  }

  /// What was written.
  ByteBuffer written() {
    return bytes.duplicate().flip();
  }

  int number() throws IOException {
    try {
      return bytes.getInt();
    } catch (BufferUnderflowException e) {
      throw tooShort();
    }
  }

  long longNumber() throws IOException {
    try {
      return bytes.getLong();
    } catch (BufferUnderflowException e) {
      throw tooShort();
    }
  }

  String text() throws IOException {
    return StandardCharsets.UTF_8.decode(data()).toString();
  }

  /// The next bytes, in place.
  ByteBuffer data() throws IOException {
    int length = number();
    if (length < 0 || length > bytes.remaining()) {
      throw tooShort();
    }
    ByteBuffer data = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    return data;
  }

  boolean hasMore() {
    return bytes.hasRemaining();
  }

  private IOException tooShort() {
    return new IOException(
        "the SFTP server sent a message of type " + type + " that ends too early");
  }
}
