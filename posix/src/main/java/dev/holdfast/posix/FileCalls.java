package dev.holdfast.posix;

import java.util.Objects;

/// Calls on open files: opening, reading, writing, making durable, laying out, probing locks.
final class FileCalls {
  private static final Native OPENAT = Native.returningInt("openat");
  private static final Native CLOSE = Native.returningInt("close");
  private static final Native READ = Native.returningLong("read");
  private static final Native WRITE = Native.returningLong("write");
  private static final Native PREAD = Native.returningLong("pread64");
  private static final Native PWRITE = Native.returningLong("pwrite64");
  private static final Native FSYNC = Native.returningInt("fsync");
  private static final Native FDATASYNC = Native.returningInt("fdatasync");
  private static final Native SYNCFS = Native.returningInt("syncfs");
  private static final Native SYNC_FILE_RANGE = Native.returningInt("sync_file_range");
  private static final Native FTRUNCATE = Native.returningInt("ftruncate64");
  private static final Native FALLOCATE = Native.returningInt("fallocate64");
  private static final Native LSEEK = Native.returningLong("lseek64");
  private static final Native COPY_FILE_RANGE = Native.returningLong("copy_file_range");
  static final Native IOCTL = Native.returningInt("ioctl");
  private static final Native FCNTL = Native.returningInt("fcntl64");
  private static final Native FADVISE = Native.returningInt("posix_fadvise64");

  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final long FICLONE = 0x40049409L;

  private static final int F_GETLK = 5;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_WRLCK = 1;
  private static final int F_UNLCK = 2;

  /// `struct flock` of 64-bit Linux: type, whence, start, length, process.
  private static final int FLOCK_WHENCE_AT = 2;

  private static final int FLOCK_START_AT = 8;
  private static final int FLOCK_LENGTH_AT = 16;
  private static final int FLOCK_PID_AT = 24;

  private FileCalls() {}

  static int openat(int dirFd, String path, int flags, int mode) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long fd = OPENAT.call(scratch, dirFd, scratch.path(path), flags | OpenFlag.O_CLOEXEC, mode);
      return (int) OPENAT.check(fd, scratch, path);
    }
  }

  static void close(int fd) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long result = CLOSE.callOnce(scratch, fd, 0, 0, 0, 0, 0);
      if (result == -1 && scratch.errno() != Errno.EINTR) {
        CLOSE.check(result, scratch, fd);
      }
    }
  }

  static int duplicate(int fd) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      return (int) FCNTL.check(FCNTL.call(scratch, fd, F_DUPFD_CLOEXEC, 0), scratch, fd);
    }
  }

  static int read(int fd, byte[] into, int offset, int length) throws PosixException {
    Objects.checkFromIndexSize(offset, length, into.length);
    try (Scratch scratch = Scratch.borrow()) {
      long asked = Math.min(length, Scratch.DATA_BYTES);
      int got = (int) READ.check(READ.call(scratch, fd, scratch.data(), asked), scratch, fd);
      scratch.getData(into, offset, got);
      return got;
    }
  }

  static int pread(int fd, byte[] into, int offset, int length, long position)
      throws PosixException {
    Objects.checkFromIndexSize(offset, length, into.length);
    int done = 0;
    try (Scratch scratch = Scratch.borrow()) {
      while (done < length) {
        long asked = Math.min(length - done, Scratch.DATA_BYTES);
        long result = PREAD.call(scratch, fd, scratch.data(), asked, position + done);
        int got = (int) PREAD.check(result, scratch, fd);
        if (got == 0) {
          break;
        }
        scratch.getData(into, offset + done, got);
        done += got;
      }
    }
    return done;
  }

  static void write(int fd, byte[] from, int offset, int length) throws PosixException {
    Objects.checkFromIndexSize(offset, length, from.length);
    int done = 0;
    try (Scratch scratch = Scratch.borrow()) {
      while (done < length) {
        int piece = Math.min(length - done, Scratch.DATA_BYTES);
        scratch.putData(from, offset + done, piece);
        long result = WRITE.call(scratch, fd, scratch.data(), piece);
        done += written(WRITE.check(result, scratch, fd), "write", fd);
      }
    }
  }

  static void pwrite(int fd, byte[] from, int offset, int length, long position)
      throws PosixException {
    Objects.checkFromIndexSize(offset, length, from.length);
    int done = 0;
    try (Scratch scratch = Scratch.borrow()) {
      while (done < length) {
        int piece = Math.min(length - done, Scratch.DATA_BYTES);
        scratch.putData(from, offset + done, piece);
        long result = PWRITE.call(scratch, fd, scratch.data(), piece, position + done);
        done += written(PWRITE.check(result, scratch, fd), "pwrite", fd);
      }
    }
  }

  /// A device that takes nothing and reports no error would be written to for ever.
  private static int written(long count, String call, int fd) throws PosixException {
    if (count == 0) {
      throw Native.failure(Errno.EIO, call, "descriptor " + fd);
    }
    return (int) count;
  }

  static void fsync(int fd) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      FSYNC.check(FSYNC.call(scratch, fd), scratch, fd);
    }
  }

  static void fdatasync(int fd) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      FDATASYNC.check(FDATASYNC.call(scratch, fd), scratch, fd);
    }
  }

  static void syncfs(int fd) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      SYNCFS.check(SYNCFS.call(scratch, fd), scratch, fd);
    }
  }

  static void syncFileRange(int fd, long offset, long length, int flags) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long result = SYNC_FILE_RANGE.call(scratch, fd, offset, length, flags);
      SYNC_FILE_RANGE.check(result, scratch, fd);
    }
  }

  static void ftruncate(int fd, long sizeBytes) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      FTRUNCATE.check(FTRUNCATE.call(scratch, fd, sizeBytes), scratch, fd);
    }
  }

  static void fallocate(int fd, int mode, long offset, long length) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      FALLOCATE.check(FALLOCATE.call(scratch, fd, mode, offset, length), scratch, fd);
    }
  }

  static void fadvise(int fd, long offset, long length, int advice) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      int error = (int) FADVISE.call(scratch, fd, offset, length, advice);
      if (error != 0) {
        throw Native.failure(error, "posix_fadvise", "descriptor " + fd);
      }
    }
  }

  static long lseekData(int fd, long offset) throws PosixException {
    return lseek(fd, offset, SEEK_DATA);
  }

  static long lseekHole(int fd, long offset) throws PosixException {
    return lseek(fd, offset, SEEK_HOLE);
  }

  private static long lseek(int fd, long offset, int whence) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      long found = LSEEK.call(scratch, fd, offset, whence);
      return found == -1 && scratch.errno() == Errno.ENXIO ? -1 : LSEEK.check(found, scratch, fd);
    }
  }

  static void rewind(int fd) throws PosixException {
    lseek(fd, 0, SEEK_SET);
  }

  static long copyFileRange(int fromFd, long fromOffset, int toFd, long toOffset, long length)
      throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      scratch.putStructLong(0, fromOffset);
      scratch.putStructLong(Long.BYTES, toOffset);
      long from = scratch.struct();
      long to = from + Long.BYTES;
      long copied = COPY_FILE_RANGE.call(scratch, fromFd, from, toFd, to, length, 0);
      return COPY_FILE_RANGE.check(copied, scratch, toFd);
    }
  }

  static void cloneFile(int fromFd, int toFd) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      IOCTL.check(IOCTL.call(scratch, toFd, FICLONE, fromFd), scratch, toFd);
    }
  }

  static long lockHolder(int fd, long start, long length) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      scratch.putStructShort(0, F_WRLCK);
      scratch.putStructShort(FLOCK_WHENCE_AT, 0);
      scratch.putStructLong(FLOCK_START_AT, start);
      scratch.putStructLong(FLOCK_LENGTH_AT, length);
      scratch.putStructInt(FLOCK_PID_AT, 0);
      FCNTL.check(FCNTL.call(scratch, fd, F_GETLK, scratch.struct()), scratch, fd);
      if (scratch.structShort(0) == F_UNLCK) {
        return Posix.NO_HOLDER;
      }
      int pid = scratch.structInt(FLOCK_PID_AT);
      // -1 for an open file description lock, 0 for a process of another container.
      return pid > 0 ? pid : Posix.UNKNOWN_HOLDER;
    }
  }
}
