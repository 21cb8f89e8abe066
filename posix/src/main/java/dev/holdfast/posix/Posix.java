package dev.holdfast.posix;

import java.util.List;
import java.util.Optional;

/// System calls of Linux, each as its manual page says, with names as [OsString] has them.
///
/// Descriptors are plain numbers here because the hot paths open and close one for each file;
/// [Descriptor] owns one where that is affordable. Calls that a signal interrupts are repeated. All
/// methods may be called from any thread; a call blocks its thread, virtual ones with their
/// carrier. A failed call throws [PosixException] with the error number ([Errno]).
public final class Posix {
  /// Of [#lockHolder]: nobody holds a lock.
  public static final long NO_HOLDER = 0;

  /// Of [#lockHolder]: there is a lock, but no process number for it here: its holder lives in
  /// another container, or it belongs to an open file description.
  public static final long UNKNOWN_HOLDER = -1;

  private Posix() {}

  /// Opens `path`; `flags` are of [OpenFlag], `O_CLOEXEC` is always added. `mode` matters for new
  /// files only.
  public static int open(String path, int flags, int mode) throws PosixException {
    return FileCalls.openat(OpenFlag.AT_FDCWD, path, flags, mode);
  }

  /// Opens `path` relative to the directory `dirFd`.
  public static int openat(int dirFd, String path, int flags, int mode) throws PosixException {
    return FileCalls.openat(dirFd, path, flags, mode);
  }

  /// Opens an unnamed file for reading and writing in the directory `dir`, mode 0600. It vanishes
  /// when it is closed, unless [#linkTemporary] gives it a name.
  public static int openTemporary(String dir) throws PosixException {
    return FileCalls.openat(OpenFlag.AT_FDCWD, dir, OpenFlag.O_TMPFILE | OpenFlag.O_RDWR, 0600);
  }

  /// Gives the unnamed file `fd` a name; fails if the name is taken.
  public static void linkTemporary(int fd, int dirFd, String name) throws PosixException {
    NameCalls.linkat(OpenFlag.AT_FDCWD, pathOf(fd), dirFd, name, OpenFlag.AT_SYMLINK_FOLLOW);
  }

  /// Closes `fd`, which is closed even when this throws. Never call it twice: the number may
  /// already stand for another file.
  public static void close(int fd) throws PosixException {
    FileCalls.close(fd);
  }

  /// A second descriptor of the open file, to be closed on its own.
  public static int duplicate(int fd) throws PosixException {
    return FileCalls.duplicate(fd);
  }

  /// Reads once, as `read(2)`: what is there, up to `length` and to 128 KiB.
  ///
  /// @return the number of bytes, 0 at the end of the file
  public static int read(int fd, byte[] into, int offset, int length) throws PosixException {
    return FileCalls.read(fd, into, offset, length);
  }

  /// Reads `length` bytes at `position`.
  ///
  /// @return the number of bytes, less than `length` only where the file ends
  public static int pread(int fd, byte[] into, int offset, int length, long position)
      throws PosixException {
    return FileCalls.pread(fd, into, offset, length, position);
  }

  /// Writes all `length` bytes.
  public static void write(int fd, byte[] from, int offset, int length) throws PosixException {
    FileCalls.write(fd, from, offset, length);
  }

  /// Writes all `length` bytes at `position`.
  public static void pwrite(int fd, byte[] from, int offset, int length, long position)
      throws PosixException {
    FileCalls.pwrite(fd, from, offset, length, position);
  }

  /// Makes content and metadata durable; on a directory, its names.
  public static void fsync(int fd) throws PosixException {
    FileCalls.fsync(fd);
  }

  /// Makes content durable, and of the metadata what reading it needs.
  public static void fdatasync(int fd) throws PosixException {
    FileCalls.fdatasync(fd);
  }

  /// Makes the whole file system that holds `fd` durable.
  public static void syncfs(int fd) throws PosixException {
    FileCalls.syncfs(fd);
  }

  /// Starts, or waits for, writing a range back: an aid to pace, no promise of durability. `flags`
  /// are `SYNC_FILE_RANGE_*` of [OpenFlag].
  public static void syncFileRange(int fd, long offset, long length, int flags)
      throws PosixException {
    FileCalls.syncFileRange(fd, offset, length, flags);
  }

  /// Tells how a range will be read; `advice` is `POSIX_FADV_*` of [OpenFlag].
  public static void fadvise(int fd, long offset, long length, int advice) throws PosixException {
    FileCalls.fadvise(fd, offset, length, advice);
  }

  /// Sets the size; what is added is a hole.
  public static void ftruncate(int fd, long sizeBytes) throws PosixException {
    FileCalls.ftruncate(fd, sizeBytes);
  }

  /// Reserves a range on disk, or with `FALLOC_FL_*` of [OpenFlag] as `mode` punches a hole and the
  /// like.
  public static void fallocate(int fd, int mode, long offset, long length) throws PosixException {
    FileCalls.fallocate(fd, mode, offset, length);
  }

  /// The start of the first data at or after `offset`, or -1 if only a hole or the end follows.
  /// Moves the file's own position.
  public static long lseekData(int fd, long offset) throws PosixException {
    return FileCalls.lseekData(fd, offset);
  }

  /// The start of the first hole at or after `offset`, the end of the file being one, or -1 if
  /// `offset` is at or beyond the end. Moves the file's own position.
  public static long lseekHole(int fd, long offset) throws PosixException {
    return FileCalls.lseekHole(fd, offset);
  }

  /// Copies within the kernel, sharing blocks where the file system can.
  ///
  /// @return the number of bytes copied, perhaps fewer than asked, 0 at the end of the file
  public static long copyFileRange(
      int fromFd, long fromOffset, int toFd, long toOffset, long length) throws PosixException {
    return FileCalls.copyFileRange(fromFd, fromOffset, toFd, toOffset, length);
  }

  /// Makes `toFd` a copy of `fromFd` that shares its blocks; `EOPNOTSUPP`, `EXDEV` or `EINVAL`
  /// where the file system cannot.
  public static void cloneFile(int fromFd, int toFd) throws PosixException {
    FileCalls.cloneFile(fromFd, toFd);
  }

  /// The process whose POSIX record lock stands in the way of writing to a range, [#NO_HOLDER] or
  /// [#UNKNOWN_HOLDER]. Locks of this process are never in its own way.
  ///
  /// @param length 0 means to the end of the file, however far that grows
  public static long lockHolder(int fd, long start, long length) throws PosixException {
    return FileCalls.lockHolder(fd, start, length);
  }

  /// The status of `path`, of the link itself if it is one.
  public static FileStat lstat(String path) throws PosixException {
    return AttributeCalls.fstatat(OpenFlag.AT_FDCWD, path, OpenFlag.AT_SYMLINK_NOFOLLOW);
  }

  /// The same; empty if there is nothing, nor a folder that it could be in.
  public static Optional<FileStat> lstatIfPresent(String path) throws PosixException {
    try {
      return Optional.of(Posix.lstat(path));
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Whether there is anything at `path`, a link that leads nowhere included, as far as can be seen
  /// from here.
  public static boolean isPresent(String path) {
    try {
      lstat(path);
      return true;
    } catch (PosixException e) {
      return false;
    }
  }

  /// The status of what `path` leads to.
  public static FileStat stat(String path) throws PosixException {
    return AttributeCalls.fstatat(OpenFlag.AT_FDCWD, path, 0);
  }

  /// The status of an open file.
  public static FileStat fstat(int fd) throws PosixException {
    return AttributeCalls.fstatat(fd, "", OpenFlag.AT_EMPTY_PATH);
  }

  /// The status of `name` in the directory `dirFd`; `flags` are `AT_*` of [OpenFlag].
  public static FileStat fstatat(int dirFd, String name, int flags) throws PosixException {
    return AttributeCalls.fstatat(dirFd, name, flags);
  }

  /// All names in the directory, in the order of the file system, without `.` and `..`. From the
  /// start each time; two threads may not list the same descriptor at once.
  public static List<DirEntry> readDirectory(int fd) throws PosixException {
    return NameCalls.readDirectory(fd);
  }

  /// All names in the directory that `path` leads to, in the order of the file system, without `.`
  /// and `..`.
  public static List<DirEntry> readDirectory(String path) throws PosixException {
    int flags = OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_CLOEXEC;
    try (Descriptor directory = Descriptor.open(path, flags, 0)) {
      return readDirectory(directory.fd());
    }
  }

  /// The target of the symbolic link `name`, or of the link `dirFd` itself if `name` is empty.
  public static String readlinkat(int dirFd, String name) throws PosixException {
    return NameCalls.readlinkat(dirFd, name);
  }

  /// How full the file system is that holds `path`.
  public static FileSystemStat statfs(String path) throws PosixException {
    return AttributeCalls.statfs(path);
  }

  /// A path to `name` in the directory `dirFd`, for calls that take only paths.
  public static String pathAt(int dirFd, String name) {
    return pathOf(dirFd) + "/" + name;
  }

  /// A path to the open file itself.
  public static String pathOf(int fd) {
    return "/proc/self/fd/" + fd;
  }

  /// Makes a symbolic link `name` to `target`.
  public static void symlinkat(String target, int dirFd, String name) throws PosixException {
    NameCalls.symlinkat(target, dirFd, name);
  }

  /// Makes a hard link; a symbolic link is linked itself unless `flags` say `AT_SYMLINK_FOLLOW`.
  public static void linkat(int oldDirFd, String oldName, int newDirFd, String newName, int flags)
      throws PosixException {
    NameCalls.linkat(oldDirFd, oldName, newDirFd, newName, flags);
  }

  /// Makes a directory; the umask takes bits from `mode`.
  public static void mkdirat(int dirFd, String name, int mode) throws PosixException {
    NameCalls.mkdirat(dirFd, name, mode);
  }

  /// Makes a device, fifo, socket or empty file; the umask takes bits from `mode`.
  ///
  /// @param device the device number as [FileStat#rdev] has it, of devices only
  public static void mknodat(int dirFd, String name, FileType type, int mode, long device)
      throws PosixException {
    NameCalls.mknodat(dirFd, name, type, mode, device);
  }

  /// Removes a name, of a directory with `AT_REMOVEDIR`.
  public static void unlinkat(int dirFd, String name, int flags) throws PosixException {
    NameCalls.unlinkat(dirFd, name, flags);
  }

  /// Renames, replacing what has the new name.
  public static void renameat(int oldDirFd, String oldName, int newDirFd, String newName)
      throws PosixException {
    NameCalls.renameat(oldDirFd, oldName, newDirFd, newName, 0);
  }

  /// Renames; `flags` are `RENAME_*` of [OpenFlag].
  public static void renameat(int oldDirFd, String oldName, int newDirFd, String newName, int flags)
      throws PosixException {
    NameCalls.renameat(oldDirFd, oldName, newDirFd, newName, flags);
  }

  /// Sets owner and group; -1 leaves one as it is. Clears the set-id bits of a file.
  public static void fchownat(int dirFd, String name, long uid, long gid, int flags)
      throws PosixException {
    AttributeCalls.fchownat(dirFd, name, uid, gid, flags);
  }

  /// Sets the low twelve bits of the mode. With `AT_SYMLINK_NOFOLLOW`, a symbolic link gives
  /// `EOPNOTSUPP`.
  public static void fchmodat(int dirFd, String name, int mode, int flags) throws PosixException {
    AttributeCalls.fchmodat(dirFd, name, mode, flags);
  }

  /// Sets the low twelve bits of the mode.
  public static void fchmod(int fd, int mode) throws PosixException {
    AttributeCalls.fchmod(fd, mode);
  }

  /// Sets both times of `name`, of the link itself if it is one. Nanoseconds are 0 to 999,999,999,
  /// or `UTIME_OMIT` of [OpenFlag] to leave a time as it is.
  public static void utimensat(
      int dirFd, String name, long atimeSeconds, int atimeNanos, long mtimeSeconds, int mtimeNanos)
      throws PosixException {
    AttributeCalls.utimensat(dirFd, name, atimeSeconds, atimeNanos, mtimeSeconds, mtimeNanos);
  }

  /// The same of an open file.
  public static void futimens(
      int fd, long atimeSeconds, int atimeNanos, long mtimeSeconds, int mtimeNanos)
      throws PosixException {
    AttributeCalls.futimens(fd, atimeSeconds, atimeNanos, mtimeSeconds, mtimeNanos);
  }

  /// The names of the extended attributes of `path`, of the link itself if it is one; none where
  /// the file system has no such thing.
  public static List<String> listXattr(String path) throws PosixException {
    return AttributeCalls.listXattr(path);
  }

  /// The same of an open file.
  public static List<String> listXattr(int fd) throws PosixException {
    return AttributeCalls.listXattr(fd);
  }

  /// The value of an extended attribute; `ENODATA` if there is none of that name.
  public static byte[] getXattr(String path, String name) throws PosixException {
    return AttributeCalls.getXattr(path, name);
  }

  /// The same of an open file.
  public static byte[] getXattr(int fd, String name) throws PosixException {
    return AttributeCalls.getXattr(fd, name);
  }

  /// Sets an extended attribute, new or not.
  public static void setXattr(String path, String name, byte[] value) throws PosixException {
    AttributeCalls.setXattr(path, name, value);
  }

  /// The same of an open file.
  public static void setXattr(int fd, String name, byte[] value) throws PosixException {
    AttributeCalls.setXattr(fd, name, value);
  }

  /// Removes an extended attribute; `ENODATA` if there is none of that name.
  public static void removeXattr(String path, String name) throws PosixException {
    AttributeCalls.removeXattr(path, name);
  }

  /// The same of an open file.
  public static void removeXattr(int fd, String name) throws PosixException {
    AttributeCalls.removeXattr(fd, name);
  }

  /// The real user of this process.
  public static long getuid() {
    return ProcessCalls.getuid();
  }

  /// The user in whose name this process acts: 0 may do all.
  public static long geteuid() {
    return ProcessCalls.geteuid();
  }

  /// The real group of this process.
  public static long getgid() {
    return ProcessCalls.getgid();
  }

  /// The number of this process.
  public static long getpid() {
    return ProcessCalls.getpid();
  }

  /// Ends this process at once, and does not return. Nothing of Java's own is done before: no hook
  /// is run, no file deleted, no buffer emptied.
  public static void exit(int status) {
    ProcessCalls.exit(status);
  }

  /// How many descriptors this process may have open at a time (`RLIMIT_NOFILE`). Java raises it to
  /// the hard limit when it starts.
  public static long openFilesMax() throws PosixException {
    return ProcessCalls.openFilesMax();
  }

  /// Whether there is a process of this number, be it a zombie or someone else's.
  public static boolean isAlive(long pid) {
    return ProcessCalls.isAlive(pid);
  }

  /// Makes this process, and every process it starts from now on, ignore SIGHUP.
  public static void ignoreHangup() throws PosixException {
    ProcessCalls.ignoreHangup();
  }

  /// The name of a user, or the empty string. Cached for the life of the process.
  public static String userName(long uid) {
    return ProcessCalls.userName(uid);
  }

  /// The name of a group, or the empty string. Cached for the life of the process.
  public static String groupName(long gid) {
    return ProcessCalls.groupName(gid);
  }
}
