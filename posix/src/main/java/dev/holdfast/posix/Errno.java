package dev.holdfast.posix;

import java.util.Map;

/// Error numbers of Linux, the same on x86-64 and aarch64 (`asm-generic/errno.h`).
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int E2BIG = 7;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ENOTTY = 25;
  public static final int ETXTBSY = 26;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int ESPIPE = 29;
  public static final int EROFS = 30;
  public static final int EMLINK = 31;
  public static final int EPIPE = 32;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int ENODATA = 61;
  public static final int EOVERFLOW = 75;
  public static final int EOPNOTSUPP = 95;
  public static final int ETIMEDOUT = 110;
  public static final int ESTALE = 116;
  public static final int EDQUOT = 122;

  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(EPERM, "operation not permitted"),
          Map.entry(ENOENT, "no such file or directory"),
          Map.entry(ESRCH, "no such process"),
          Map.entry(EIO, "input/output error"),
          Map.entry(ENXIO, "no such device or address"),
          Map.entry(EBADF, "bad file descriptor"),
          Map.entry(EAGAIN, "resource temporarily unavailable"),
          Map.entry(ENOMEM, "cannot allocate memory"),
          Map.entry(EACCES, "permission denied"),
          Map.entry(EBUSY, "device or resource busy"),
          Map.entry(EEXIST, "file exists"),
          Map.entry(EXDEV, "invalid cross-device link"),
          Map.entry(ENODEV, "no such device"),
          Map.entry(ENOTDIR, "not a directory"),
          Map.entry(EISDIR, "is a directory"),
          Map.entry(EINVAL, "invalid argument"),
          Map.entry(ENFILE, "too many open files in system"),
          Map.entry(EMFILE, "too many open files"),
          Map.entry(ENOTTY, "inappropriate ioctl for device"),
          Map.entry(ETXTBSY, "text file busy"),
          Map.entry(EFBIG, "file too large"),
          Map.entry(ENOSPC, "no space left on device"),
          Map.entry(ESPIPE, "illegal seek"),
          Map.entry(EROFS, "read-only file system"),
          Map.entry(EMLINK, "too many links"),
          Map.entry(EPIPE, "broken pipe"),
          Map.entry(ERANGE, "numerical result out of range"),
          Map.entry(ENAMETOOLONG, "file name too long"),
          Map.entry(ENOSYS, "function not implemented"),
          Map.entry(ENOTEMPTY, "directory not empty"),
          Map.entry(ELOOP, "too many levels of symbolic links"),
          Map.entry(ENODATA, "no data available"),
          Map.entry(EOPNOTSUPP, "operation not supported"),
          Map.entry(ETIMEDOUT, "connection timed out"),
          Map.entry(ESTALE, "stale file handle"),
          Map.entry(EDQUOT, "disk quota exceeded"));

  private Errno() {}

  /// The system's words for `errno`, in English whatever the locale, or `error N`.
  public static String describe(int errno) {
    return WORDS.getOrDefault(errno, "error " + errno);
  }
}
