package dev.holdfast.posix;

/// Flags and special values of the calls of [Posix] (`fcntl.h`, `stdio.h` and `sys/stat.h` of
/// Linux).
///
/// Four of them have other numbers on aarch64 than on x86-64, so none of them may be copied into a
/// file or sent to another machine.
public final class OpenFlag {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_NOCTTY = 0400;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;
  public static final int O_NONBLOCK = 04000;
  public static final int O_DIRECT;
  public static final int O_DIRECTORY;
  public static final int O_NOFOLLOW;
  public static final int O_NOATIME = 01000000;
  public static final int O_CLOEXEC = 02000000;
  public static final int O_PATH = 010000000;
  public static final int O_TMPFILE;

  /// In place of a directory descriptor: relative to the working directory.
  public static final int AT_FDCWD = -100;

  /// Of `fstatat`, `fchownat`, `fchmodat`: the link itself, not what it points to.
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /// Of `unlinkat`: remove a directory.
  public static final int AT_REMOVEDIR = 0x200;

  /// Of `linkat`: what the link points to, not the link itself.
  public static final int AT_SYMLINK_FOLLOW = 0x400;

  /// Of `fstatat`: an empty name is the descriptor itself.
  public static final int AT_EMPTY_PATH = 0x1000;

  /// Of `renameat`: fail with `EEXIST` instead of replacing.
  public static final int RENAME_NOREPLACE = 1;

  /// Of `renameat`: let the two names change places, in one step.
  public static final int RENAME_EXCHANGE = 2;

  /// Of `fallocate`: do not change the size.
  public static final int FALLOC_FL_KEEP_SIZE = 1;

  /// Of `fallocate`, with [#FALLOC_FL_KEEP_SIZE]: free the range; it reads as zeros.
  public static final int FALLOC_FL_PUNCH_HOLE = 2;

  public static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;
  public static final int SYNC_FILE_RANGE_WRITE = 2;
  public static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;

  public static final int POSIX_FADV_RANDOM = 1;
  public static final int POSIX_FADV_SEQUENTIAL = 2;
  public static final int POSIX_FADV_WILLNEED = 3;
  public static final int POSIX_FADV_DONTNEED = 4;

  /// In place of nanoseconds: leave this time as it is.
  public static final int UTIME_OMIT = 0x3ffffffe;

  static {
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    O_DIRECT = arm ? 0200000 : 040000;
    O_DIRECTORY = arm ? 040000 : 0200000;
    O_NOFOLLOW = arm ? 0100000 : 0400000;
    O_TMPFILE = 020000000 | O_DIRECTORY;
  }

  private OpenFlag() {}
}
