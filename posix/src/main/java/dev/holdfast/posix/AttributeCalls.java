package dev.holdfast.posix;

import java.util.ArrayList;
import java.util.List;

/// Calls on what belongs to a file beside its content: status, mode, owner, times, extended
/// attributes; and on the file system that holds it.
final class AttributeCalls {
  private static final Native STATX = Native.returningInt("statx");
  private static final Native FCHMODAT = Native.returningInt("fchmodat");
  private static final Native FCHMOD = Native.returningInt("fchmod");
  private static final Native FCHOWNAT = Native.returningInt("fchownat");
  private static final Native UTIMENSAT = Native.returningInt("utimensat");
  private static final Native FUTIMENS = Native.returningInt("futimens");
  private static final Native LLISTXATTR = Native.returningLong("llistxattr");
  private static final Native FLISTXATTR = Native.returningLong("flistxattr");
  private static final Native LGETXATTR = Native.returningLong("lgetxattr");
  private static final Native FGETXATTR = Native.returningLong("fgetxattr");
  private static final Native LSETXATTR = Native.returningInt("lsetxattr");
  private static final Native FSETXATTR = Native.returningInt("fsetxattr");
  private static final Native LREMOVEXATTR = Native.returningInt("lremovexattr");
  private static final Native FREMOVEXATTR = Native.returningInt("fremovexattr");
  private static final Native STATFS = Native.returningInt("statfs64");

  private static final int STATX_BASIC_STATS = 0x7ff;

  /// As `stat` does it: looking at a mount point does not mount anything.
  private static final int AT_NO_AUTOMOUNT = 0x800;

  private static final int MODE_BITS = 07777;

  private AttributeCalls() {}

  static FileStat fstatat(int dirFd, String name, int flags) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long result =
          STATX.call(
              scratch,
              dirFd,
              scratch.path(name),
              flags | AT_NO_AUTOMOUNT,
              STATX_BASIC_STATS,
              scratch.struct());
      if (name.isEmpty()) {
        STATX.check(result, scratch, dirFd);
      }
      STATX.check(result, scratch, name);
      return readStatx(scratch);
    }
  }

  /// `struct statx` (`linux/stat.h`), the same on every architecture: links at 16, owner 20, group
  /// 24, mode 28, inode 32, size 40, blocks 48, times of access 64, change 96 and modification 112
  /// (seconds, then nanoseconds), numbers of the node's device 128 and of the holding device 136.
  private static FileStat readStatx(Scratch s) {
    int mode = s.structShort(28) & 0xffff;
    return new FileStat(
        FileType.ofMode(mode),
        mode & MODE_BITS,
        Integer.toUnsignedLong(s.structInt(20)),
        Integer.toUnsignedLong(s.structInt(24)),
        s.structLong(32),
        deviceNumber(s.structInt(136), s.structInt(140)),
        deviceNumber(s.structInt(128), s.structInt(132)),
        Integer.toUnsignedLong(s.structInt(16)),
        s.structLong(40),
        s.structLong(48),
        s.structLong(112),
        s.structInt(120),
        s.structLong(64),
        s.structInt(72),
        s.structLong(96),
        s.structInt(104));
  }

  /// The C library's `makedev`.
  static long deviceNumber(int major, int minor) {
    return (major & 0xfffff000L) << 32
        | (major & 0xfffL) << 8
        | (minor & 0xffffff00L) << 12
        | (minor & 0xffL);
  }

  static void fchmodat(int dirFd, String name, int mode, int flags) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long result = FCHMODAT.call(scratch, dirFd, scratch.path(name), mode, flags);
      FCHMODAT.check(result, scratch, name);
    }
  }

  static void fchmod(int fd, int mode) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      FCHMOD.check(FCHMOD.call(scratch, fd, mode), scratch, fd);
    }
  }

  static void fchownat(int dirFd, String name, long uid, long gid, int flags)
      throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long result = FCHOWNAT.call(scratch, dirFd, scratch.path(name), uid, gid, flags);
      FCHOWNAT.check(result, scratch, name);
    }
  }

  static void utimensat(
      int dirFd, String name, long atimeSeconds, int atimeNanos, long mtimeSeconds, int mtimeNanos)
      throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      putTimes(scratch, atimeSeconds, atimeNanos, mtimeSeconds, mtimeNanos);
      long result =
          UTIMENSAT.call(
              scratch, dirFd, scratch.path(name), scratch.struct(), OpenFlag.AT_SYMLINK_NOFOLLOW);
      UTIMENSAT.check(result, scratch, name);
    }
  }

  static void futimens(int fd, long atimeSeconds, int atimeNanos, long mtimeSeconds, int mtimeNanos)
      throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      putTimes(scratch, atimeSeconds, atimeNanos, mtimeSeconds, mtimeNanos);
      FUTIMENS.check(FUTIMENS.call(scratch, fd, scratch.struct()), scratch, fd);
    }
  }

  /// Two `struct timespec`.
  private static void putTimes(
      Scratch scratch, long atimeSeconds, int atimeNanos, long mtimeSeconds, int mtimeNanos) {
    scratch.putStructLong(0, atimeSeconds);
    scratch.putStructLong(8, atimeNanos);
    scratch.putStructLong(16, mtimeSeconds);
    scratch.putStructLong(24, mtimeNanos);
  }

  static List<String> listXattr(String path) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long size = LLISTXATTR.call(scratch, scratch.path(path), scratch.data(), Scratch.DATA_BYTES);
      return size == -1 && scratch.errno() == Errno.EOPNOTSUPP
          ? List.of()
          : names(scratch, (int) LLISTXATTR.check(size, scratch, path));
    }
  }

  static List<String> listXattr(int fd) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long size = FLISTXATTR.call(scratch, fd, scratch.data(), Scratch.DATA_BYTES);
      return size == -1 && scratch.errno() == Errno.EOPNOTSUPP
          ? List.of()
          : names(scratch, (int) FLISTXATTR.check(size, scratch, fd));
    }
  }

  /// Names that each end in a zero byte.
  private static List<String> names(Scratch scratch, int size) {
    if (size == 0) {
      return List.of();
    }
    byte[] list = dataBytes(scratch, size);
    List<String> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < size; i++) {
      if (list[i] == 0) {
        names.add(OsString.decode(list, start, i - start));
        start = i + 1;
      }
    }
    return names;
  }

  static byte[] getXattr(String path, String name) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long size =
          LGETXATTR.call(
              scratch,
              scratch.path(path),
              scratch.otherPath(name),
              scratch.data(),
              Scratch.DATA_BYTES);
      return dataBytes(scratch, (int) LGETXATTR.check(size, scratch, path));
    }
  }

  static byte[] getXattr(int fd, String name) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long size =
          FGETXATTR.call(scratch, fd, scratch.otherPath(name), scratch.data(), Scratch.DATA_BYTES);
      return dataBytes(scratch, (int) FGETXATTR.check(size, scratch, fd));
    }
  }

  private static byte[] dataBytes(Scratch scratch, int size) {
    byte[] bytes = new byte[size];
    scratch.getData(bytes, 0, size);
    return bytes;
  }

  static void setXattr(String path, String name, byte[] value) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long data = putValue(scratch, name, value);
      long result =
          LSETXATTR.call(scratch, scratch.path(path), scratch.otherPath(name), data, value.length);
      LSETXATTR.check(result, scratch, path);
    }
  }

  static void setXattr(int fd, String name, byte[] value) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long data = putValue(scratch, name, value);
      long result = FSETXATTR.call(scratch, fd, scratch.otherPath(name), data, value.length);
      FSETXATTR.check(result, scratch, fd);
    }
  }

  private static long putValue(Scratch scratch, String name, byte[] value) throws PosixException {
    if (value.length > Scratch.DATA_BYTES) {
      throw Native.failure(Errno.E2BIG, "setxattr", name);
    }
    scratch.putData(value, 0, value.length);
    return scratch.data();
  }

  static void removeXattr(String path, String name) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long result = LREMOVEXATTR.call(scratch, scratch.path(path), scratch.otherPath(name));
      LREMOVEXATTR.check(result, scratch, path);
    }
  }

  static void removeXattr(int fd, String name) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      FREMOVEXATTR.check(FREMOVEXATTR.call(scratch, fd, scratch.otherPath(name)), scratch, fd);
    }
  }

  /// `struct statfs` of 64-bit Linux: type, block size, blocks, free, available, ..., fragment.
  static FileSystemStat statfs(String path) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      STATFS.check(STATFS.call(scratch, scratch.path(path), scratch.struct()), scratch, path);
      long fragment = scratch.structLong(72);
      long unit = fragment == 0 ? scratch.structLong(8) : fragment;
      return new FileSystemStat(
          scratch.structLong(0), scratch.structLong(16) * unit, scratch.structLong(32) * unit);
    }
  }
}
