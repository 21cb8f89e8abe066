package dev.holdfast.engine.recover.files;

import dev.holdfast.posix.Descriptor;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;

/// What something takes up on its file system. A file with several names counts each time.
public final class DiskUse {
  private static final int BLOCK_BYTES = 512;
  private static final int OPEN_FOLDER =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;

  private DiskUse() {}

  /// Of a file, or of a folder with everything in it; what cannot be looked at counts nothing.
  public static long bytes(String path) {
    try {
      FileStat stat = Posix.lstat(path);
      long own = stat.blocks512() * BLOCK_BYTES;
      if (!stat.isDirectory()) {
        return own;
      }
      try (Descriptor folder = Descriptor.open(path, OPEN_FOLDER, 0)) {
        return own + inside(folder);
      }
    } catch (PosixException e) {
      return 0;
    }
  }

  private static long inside(Descriptor folder) throws PosixException {
    long bytes = 0;
    for (DirEntry entry : Posix.readDirectory(folder.fd())) {
      bytes +=
          Posix.fstatat(folder.fd(), entry.name(), OpenFlag.AT_SYMLINK_NOFOLLOW).blocks512()
              * BLOCK_BYTES;
      if (entry.type() == FileType.DIRECTORY) {
        try (Descriptor inner = folder.openat(entry.name(), OPEN_FOLDER, 0)) {
          bytes += inside(inner);
        }
      }
    }
    return bytes;
  }
}
