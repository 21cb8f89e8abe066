package dev.holdfast.engine.source.duckdb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The three headers at the start of a DuckDB file, 4 KiB each: the main header, written once, and
/// two database headers, of which a checkpoint replaces the older (`storage_info.hpp`).
final class FileHead {
  static final int HEADER_BYTES = 4096;
  static final int BYTES = 3 * HEADER_BYTES;

  /// The main header's version since 2.0, where the database header has the real one.
  static final long VERSION_ELSEWHERE = 999;

  /// Storage versions that are understood here: DuckDB 0.9 and later, whose format has been stable
  /// since, up to 2.0, which is what the driver reads.
  static final long OLDEST_VERSION = 64;

  static final long NEWEST_VERSION = 69;

  private static final int MAGIC_AT = BlockChecksum.BYTES;
  private static final byte[] MAGIC = {'D', 'U', 'C', 'K'};
  private static final int VERSION_AT = MAGIC_AT + MAGIC.length;
  private static final int FLAGS_AT = VERSION_AT + Long.BYTES;
  private static final int FLAG_COUNT = 4;
  private static final int LIBRARY_AT = FLAGS_AT + FLAG_COUNT * Long.BYTES;
  private static final int LIBRARY_BYTES = 32;
  private static final long ENCRYPTED_FLAG = 1;

  private final byte[] bytes;
  private final long version;
  private final Optional<DatabaseHeader> active;

  private FileHead(byte[] bytes, long version, Optional<DatabaseHeader> active) {
    this.bytes = bytes;
    this.version = version;
    this.active = active;
  }

  /// Why bytes are no head.
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  /// Whether a file that begins with these `length` bytes is a DuckDB file.
  static boolean hasMagic(byte[] head, int length) {
    return length >= VERSION_AT
        && Arrays.equals(head, MAGIC_AT, VERSION_AT, MAGIC, 0, MAGIC.length);
  }

  /// Takes a copy of what a file begins with apart.
  ///
  /// @param length bytes that there are; [#BYTES] unless the file is shorter
  /// @throws MalformedException if it is damaged, or was read while it was written
  static FileHead parse(byte[] head, int length) throws MalformedException {
    if (!hasMagic(head, length)) {
      throw new MalformedException("does not begin as a DuckDB file does");
    }
    if (length < BYTES) {
      throw new MalformedException("ends within its headers, after " + length + " bytes");
    }
    byte[] bytes = Arrays.copyOf(head, BYTES);
    if (!BlockChecksum.matches(bytes, 0, HEADER_BYTES)) {
      throw new MalformedException("has a main header whose checksum is wrong");
    }
    long version = BlockChecksum.word(bytes, VERSION_AT);
    if (version < OLDEST_VERSION
        || (version > NEWEST_VERSION && version != VERSION_ELSEWHERE)
        || (BlockChecksum.word(bytes, FLAGS_AT) & ENCRYPTED_FLAG) != 0) {
      return new FileHead(bytes, version, Optional.empty());
    }
    DatabaseHeader first = DatabaseHeader.parse(bytes, HEADER_BYTES);
    DatabaseHeader second = DatabaseHeader.parse(bytes, 2 * HEADER_BYTES);
    DatabaseHeader active = first.iteration() > second.iteration() ? first : second;
    return new FileHead(bytes, version, Optional.of(active));
  }

  /// The version of the storage format; that of the main header as far as it is older than 2.0.
  long storageVersion() {
    return version == VERSION_ELSEWHERE && active.isPresent()
        ? active.get().compatibility()
        : version;
  }

  boolean isEncrypted() {
    return (BlockChecksum.word(bytes, FLAGS_AT) & ENCRYPTED_FLAG) != 0;
  }

  boolean isTooOld() {
    return version < OLDEST_VERSION;
  }

  /// Whether the format is newer than what is understood here.
  boolean isTooNew() {
    return !isTooOld()
        && (storageVersion() > NEWEST_VERSION && storageVersion() != VERSION_ELSEWHERE);
  }

  /// The version of DuckDB that created the file, such as `v1.3.2`; empty before 1.0.
  String library() {
    int end = LIBRARY_AT;
    while (end < LIBRARY_AT + LIBRARY_BYTES && bytes[end] > ' ' && bytes[end] < 0x7f) {
      end++;
    }
    return new String(bytes, LIBRARY_AT, end - LIBRARY_AT, StandardCharsets.US_ASCII);
  }

  /// The header of the last checkpoint; empty if the file is encrypted, or of another format.
  Optional<DatabaseHeader> active() {
    return active;
  }

  /// Whether both are the same bytes: no checkpoint was completed in between.
  boolean isSameAs(FileHead other) {
    return Arrays.equals(bytes, other.bytes);
  }

  /// A copy of the bytes.
  byte[] bytes() {
    return bytes.clone();
  }
}
