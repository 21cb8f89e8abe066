package dev.holdfast.engine.archive.read;

import dev.holdfast.posix.OsString;
import java.util.Arrays;
import java.util.Optional;

/// The block before an entry of a tar archive (POSIX ustar), checked. Its bytes are the caller's.
final class TarHeader {
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TIME_AT = 136;
  private static final int TYPE_AT = 156;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX_BYTES = 155;
  private static final int MODE_BITS = 07777;

  private final byte[] block;

  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if the checksum is wrong
  TarHeader(byte[] block) {
    this.block = block;
    if (!hasChecksum(block)) {
      throw Refusal.damaged("the checksum of an entry's header is wrong");
    }
  }

  static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  static boolean hasChecksum(byte[] block) {
    int sum = CHECKSUM_BYTES * ' ';
    for (int i = 0; i < TarInput.BLOCK; i++) {
      boolean inChecksum = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
      sum += inChecksum ? 0 : block[i] & 0xff;
    }
    long wanted = 0;
    boolean digits = false;
    for (int i = CHECKSUM_AT; i < CHECKSUM_AT + CHECKSUM_BYTES; i++) {
      byte b = block[i];
      if (b >= '0' && b <= '7') {
        wanted = wanted * 8 + b - '0';
        digits = true;
      } else if (digits || b != ' ') {
        break;
      }
    }
    return digits && wanted == sum;
  }

  char type() {
    return (char) (block[TYPE_AT] & 0xff);
  }

  /// @param longName the name that records give it
  TarEntry.Kind kind(Optional<String> longName) {
    return switch (type()) {
      case 0, '0', '7' ->
          longName.orElseGet(this::name).endsWith("/") ? TarEntry.Kind.FOLDER : TarEntry.Kind.FILE;
      case '1' -> TarEntry.Kind.HARD_LINK;
      case '2' -> TarEntry.Kind.SYMBOLIC_LINK;
      case '3' -> TarEntry.Kind.CHARACTER_DEVICE;
      case '4' -> TarEntry.Kind.BLOCK_DEVICE;
      case '5' -> TarEntry.Kind.FOLDER;
      case '6' -> TarEntry.Kind.PIPE;
      default -> TarEntry.Kind.OTHER;
    };
  }

  String name() {
    String name = text(0, 100);
    boolean ustar = Arrays.equals(block, 257, 263, new byte[] {'u', 's', 't', 'a', 'r', 0}, 0, 6);
    String prefix = ustar ? text(PREFIX_AT, PREFIX_BYTES) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  String link() {
    return text(157, 100);
  }

  int mode() {
    return (int) (number(100, 8, "mode") & MODE_BITS);
  }

  long uid() {
    return number(108, 8, "uid");
  }

  long gid() {
    return number(116, 8, "gid");
  }

  long size() {
    return number(124, 12, "size");
  }

  /// Before 1970 it is negative, as GNU tar writes it: all bits of a number that is.
  long modifiedSeconds() {
    if ((block[TIME_AT] & 0xff) != 0xff) {
      return number(TIME_AT, 12, "time");
    }
    long value = -1;
    for (int i = TIME_AT + 1; i < TIME_AT + 12; i++) {
      if (value >> 55 != -1) {
        throw Refusal.damaged("the time of an entry is out of range");
      }
      value = value << 8 | (block[i] & 0xff);
    }
    return value;
  }

  private String text(int at, int room) {
    int end = at;
    while (end < at + room && block[end] != 0) {
      end++;
    }
    return OsString.decode(Arrays.copyOfRange(block, at, end));
  }

  /// Octal digits, or the bits of GNU tar for what those cannot hold. Never negative.
  private long number(int at, int room, String field) {
    long value = 0;
    if ((block[at] & 0x80) != 0) {
      value = block[at] & 0x3f;
      for (int i = at + 1; i < at + room; i++) {
        if (value >> 55 != 0 || (block[at] & 0x40) != 0) {
          throw Refusal.damaged("the " + field + " of an entry is out of range");
        }
        value = value << 8 | (block[i] & 0xff);
      }
      return value;
    }
    int i = at;
    while (i < at + room && block[i] == ' ') {
      i++;
    }
    for (; i < at + room && block[i] != 0 && block[i] != ' '; i++) {
      if (block[i] < '0' || block[i] > '7') {
        throw Refusal.damaged("the " + field + " of an entry is no number");
      }
      value = value * 8 + block[i] - '0';
    }
    return value;
  }
}
