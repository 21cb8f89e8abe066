package dev.holdfast.engine.recover.files;

import static dev.holdfast.posix.OpenFlag.AT_FDCWD;

import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// The system's own files. Thread-safe.
public final class PosixFiles implements LiveFiles {
  private static final int FOLDER_MODE = 0700;
  private static final int FILE_MODE = 0600;
  private static final int OPEN_FOLDER =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;
  private static final int OPEN_TO_SYNC =
      OpenFlag.O_RDONLY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC | OpenFlag.O_NONBLOCK;
  private static final int OPEN_JOURNAL =
      OpenFlag.O_WRONLY | OpenFlag.O_CREAT | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;

  /// So many are synced one by one: the whole file system may have gigabytes of others to write,
  /// while the service is stopped.
  private static final int FEW = 256;

  /// Of file systems in user space, which are not told of a sync of the whole.
  private static final long FUSE_SUPER_MAGIC = 0x65735546L;

  /// Set aside for a journal when it is begun, so that a disk that becomes full does not keep it
  /// from being ended. A journal of a hundred replacements is about this long.
  private static final int JOURNAL_BYTES = 64 << 10;

  /// A journal that is longer is none.
  private static final int FILE_BYTES_MAX = 64 << 20;

  @Override
  public OptionalLong inode(String path) throws IOException {
    return Posix.lstatIfPresent(path).stream().mapToLong(FileStat::inode).findFirst();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    try {
      Posix.renameat(AT_FDCWD, from, AT_FDCWD, to, OpenFlag.RENAME_NOREPLACE);
    } catch (PosixException e) {
      if (!isUnsupported(e)) {
        throw e;
      }
      if (inode(to).isPresent()) {
        throw new PosixException("rename to " + to, Errno.EEXIST, "File exists");
      }
      Posix.renameat(AT_FDCWD, from, AT_FDCWD, to);
    }
  }

  @Override
  public boolean exchange(String one, String other) throws IOException {
    try {
      Posix.renameat(AT_FDCWD, one, AT_FDCWD, other, OpenFlag.RENAME_EXCHANGE);
      return true;
    } catch (PosixException e) {
      if (isUnsupported(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isUnsupported(PosixException e) {
    return e.errno() == Errno.EINVAL || e.errno() == Errno.ENOSYS;
  }

  @Override
  public void sync(Collection<String> paths) throws IOException {
    Map<Long, List<String>> byDevice = new TreeMap<>();
    for (String path : paths) {
      Optional<FileStat> stat = Posix.lstatIfPresent(path);
      if (stat.isPresent() && (stat.get().isDirectory() || stat.get().isRegular())) {
        byDevice.computeIfAbsent(stat.get().deviceId(), _ -> new ArrayList<>()).add(path);
      }
    }
    for (List<String> together : byDevice.values()) {
      syncTogether(together);
    }
  }

  /// Many are synced with their whole file system, at once: each by itself takes as many times as
  /// long. The last of them by itself after that, which meets what kept the whole from being synced
  /// on systems that do not say it otherwise (Linux before 5.8).
  private static void syncTogether(List<String> paths) throws PosixException {
    boolean together =
        paths.size() > FEW && Posix.statfs(paths.getLast()).type() != FUSE_SUPER_MAGIC;
    for (String path : together ? paths.subList(paths.size() - 1, paths.size()) : paths) {
      try (Descriptor open = Descriptor.open(path, OPEN_TO_SYNC, 0)) {
        if (together) {
          Posix.syncfs(open.fd());
        }
        Posix.fsync(open.fd());
      }
    }
  }

  @Override
  public void makeFolder(String path) throws IOException {
    try {
      Posix.mkdirat(AT_FDCWD, path, FOLDER_MODE);
    } catch (PosixException e) {
      if (e.errno() != Errno.EEXIST || !Posix.lstat(path).isDirectory()) {
        throw e;
      }
    }
  }

  @Override
  public void removeEmptyFolder(String path) throws IOException {
    try {
      Posix.unlinkat(AT_FDCWD, path, OpenFlag.AT_REMOVEDIR);
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTEMPTY) {
        throw e;
      }
    }
  }

  @Override
  public void removeTree(String path) throws IOException {
    Optional<FileStat> stat = Posix.lstatIfPresent(path);
    if (stat.isEmpty()) {
      return;
    }
    if (!stat.get().isDirectory()) {
      Posix.unlinkat(AT_FDCWD, path, 0);
      return;
    }
    try (Descriptor folder = Descriptor.open(path, OPEN_FOLDER, 0)) {
      empty(folder);
    }
    Posix.unlinkat(AT_FDCWD, path, OpenFlag.AT_REMOVEDIR);
  }

  /// By open folders, so that nobody who puts a link in the way makes it lead elsewhere.
  private static void empty(Descriptor folder) throws PosixException {
    for (DirEntry entry : Posix.readDirectory(folder.fd())) {
      if (entry.type() == FileType.DIRECTORY) {
        try (Descriptor inner = folder.openat(entry.name(), OPEN_FOLDER, 0)) {
          empty(inner);
        }
        Posix.unlinkat(folder.fd(), entry.name(), OpenFlag.AT_REMOVEDIR);
      } else {
        Posix.unlinkat(folder.fd(), entry.name(), 0);
      }
    }
  }

  @Override
  public void append(String file, byte[] bytes) throws IOException {
    boolean created = inode(file).isEmpty();
    try (Descriptor open = Descriptor.open(file, OPEN_JOURNAL, FILE_MODE)) {
      if (created) {
        reserve(open);
      }
      long end = Posix.fstat(open.fd()).sizeBytes();
      Posix.pwrite(open.fd(), bytes, 0, bytes.length, end);
      Posix.fsync(open.fd());
    }
    if (created) {
      syncFolder(file.substring(0, Math.max(1, file.lastIndexOf('/'))));
    }
  }

  private static void syncFolder(String folder) throws PosixException {
    try (Descriptor open = Descriptor.open(folder, OPEN_FOLDER, 0)) {
      Posix.fsync(open.fd());
    }
  }

  private static void reserve(Descriptor file) {
    try {
      Posix.fallocate(file.fd(), OpenFlag.FALLOC_FL_KEEP_SIZE, 0, JOURNAL_BYTES);
    } catch (PosixException e) {
      // Not every file system can; the journal is then written as long as there is space.
    }
  }

  @Override
  public byte[] read(String file) throws IOException {
    try (Descriptor open =
        Descriptor.open(file, OpenFlag.O_RDONLY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC, 0)) {
      long size = Posix.fstat(open.fd()).sizeBytes();
      if (size > FILE_BYTES_MAX) {
        throw new IOException(file + " has " + size + " bytes");
      }
      byte[] bytes = new byte[Math.toIntExact(size)];
      int at = 0;
      while (at < bytes.length) {
        int read = Posix.pread(open.fd(), bytes, at, bytes.length - at, at);
        if (read <= 0) {
          throw new IOException(file + " became shorter while it was read");
        }
        at += read;
      }
      return bytes;
    }
  }
}
