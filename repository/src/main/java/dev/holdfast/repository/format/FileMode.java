package dev.holdfast.repository.format;

/// Go's `fs.FileMode` as restic stores it (format sheet, section 8), against POSIX `st_mode`.
public final class FileMode {
  public static final long DIR = 1L << 31;
  public static final long SYMLINK = 1L << 27;
  public static final long DEVICE = 1L << 26;
  public static final long FIFO = 1L << 25;
  public static final long SOCKET = 1L << 24;
  public static final long SETUID = 1L << 23;
  public static final long SETGID = 1L << 22;
  public static final long CHAR_DEVICE = 1L << 21;
  public static final long STICKY = 1L << 20;
  public static final long IRREGULAR = 1L << 19;
  public static final long PERMISSIONS = 0777;

  private static final int S_ISUID = 04000;
  private static final int S_ISGID = 02000;
  private static final int S_ISVTX = 01000;

  private FileMode() {}

  /// The mode of a node of `type` with the low twelve bits of a POSIX `st_mode`.
  public static long of(NodeType type, int posixMode) {
    long mode = posixMode & PERMISSIONS;
    mode |= typeBits(type);
    mode |= (posixMode & S_ISUID) != 0 ? SETUID : 0;
    mode |= (posixMode & S_ISGID) != 0 ? SETGID : 0;
    mode |= (posixMode & S_ISVTX) != 0 ? STICKY : 0;
    return mode;
  }

  /// The low twelve bits of a POSIX `st_mode`: permissions, set-id bits and the sticky bit.
  public static int toPosix(long mode) {
    int posix = (int) (mode & PERMISSIONS);
    posix |= (mode & SETUID) != 0 ? S_ISUID : 0;
    posix |= (mode & SETGID) != 0 ? S_ISGID : 0;
    posix |= (mode & STICKY) != 0 ? S_ISVTX : 0;
    return posix;
  }

  private static long typeBits(NodeType type) {
    return switch (type) {
      case FILE -> 0;
      case DIR -> DIR;
      case SYMLINK -> SYMLINK;
      case DEVICE -> DEVICE;
      case CHAR_DEVICE -> DEVICE | CHAR_DEVICE;
      case FIFO -> FIFO;
      case SOCKET -> SOCKET;
      case IRREGULAR -> IRREGULAR;
    };
  }
}
