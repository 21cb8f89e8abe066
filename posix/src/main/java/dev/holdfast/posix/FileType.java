package dev.holdfast.posix;

/// What kind of thing a directory entry names.
public enum FileType {
  REGULAR,
  DIRECTORY,
  SYMLINK,
  BLOCK_DEVICE,
  CHARACTER_DEVICE,
  FIFO,
  SOCKET,
  /// Of a directory entry: the file system does not say. Of a stat: none of the above.
  UNKNOWN;

  private static final int TYPE_SHIFT = 12;

  /// Of a `st_mode`; the kind is its top four bits.
  static FileType ofMode(int mode) {
    return ofEntry(mode >> TYPE_SHIFT);
  }

  /// Of a `d_type`, which is the top four bits of a `st_mode`.
  static FileType ofEntry(int type) {
    return switch (type) {
      case 1 -> FIFO;
      case 2 -> CHARACTER_DEVICE;
      case 4 -> DIRECTORY;
      case 6 -> BLOCK_DEVICE;
      case 8 -> REGULAR;
      case 10 -> SYMLINK;
      case 12 -> SOCKET;
      default -> UNKNOWN;
    };
  }

  /// The type bits of a `st_mode`, for `mknodat`.
  int modeBits() {
    int type =
        switch (this) {
          case FIFO -> 1;
          case CHARACTER_DEVICE -> 2;
          case DIRECTORY -> 4;
          case BLOCK_DEVICE -> 6;
          case REGULAR -> 8;
          case SYMLINK -> 10;
          case SOCKET -> 12;
          case UNKNOWN -> 0;
        };
    return type << TYPE_SHIFT;
  }
}
