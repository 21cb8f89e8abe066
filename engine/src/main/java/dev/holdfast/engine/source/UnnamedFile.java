package dev.holdfast.engine.source;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Makes files that have no name, so that no plain copy stays behind whatever happens to the
/// process: the system frees them with the last descriptor.
public final class UnnamedFile {
  private static final long MEBIBYTE = 1024 * 1024;

  /// What stays free beside a copy, for the application to go on with: this, and an eighth of the
  /// copy.
  private static final long RESERVE_BYTES = 16 * MEBIBYTE;

  private static final int RESERVE_PART = 8;

  private UnnamedFile() {}

  /// An empty unnamed file for `lengthBytes` in the first of `directories` that has the space.
  ///
  /// @param databasePath whose copy it will be, for messages
  /// @return a descriptor, which is the caller's to close
  /// @throws HoldfastException.InputOutput if none of them has
  public static int create(String databasePath, List<String> directories, long lengthBytes) {
    List<String> reasons = new ArrayList<>();
    for (String directory : directories) {
      try {
        long available = Posix.statfs(directory).availableBytes();
        if (available < neededBytes(lengthBytes)) {
          reasons.add(
              "%s has %d MiB free".formatted(OsString.display(directory), available / MEBIBYTE));
          continue;
        }
        return unnamed(directory);
      } catch (PosixException e) {
        reasons.add(e.getMessage());
      }
    }
    throw new HoldfastException.InputOutput(
        "no room for a copy of database %s, %d MiB: %s"
            .formatted(
                OsString.display(databasePath),
                Math.ceilDiv(lengthBytes, MEBIBYTE),
                String.join("; ", reasons)),
        "free some space, or point TMPDIR to a file system that has it",
        null);
  }

  /// What must be free for a file of `lengthBytes`.
  public static long neededBytes(long lengthBytes) {
    return lengthBytes + lengthBytes / RESERVE_PART + RESERVE_BYTES;
  }

  private static int unnamed(String directory) throws PosixException {
    try {
      return Posix.openTemporary(directory);
    } catch (PosixException e) {
      if (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.EISDIR) {
        throw e;
      }
    }
    // A file system without O_TMPFILE: the name exists while nothing is in the file yet.
    String path = directory + "/.holdfast-" + UUID.randomUUID();
    int flags = OpenFlag.O_RDWR | OpenFlag.O_CREAT | OpenFlag.O_EXCL | OpenFlag.O_CLOEXEC;
    int fd = Posix.open(path, flags, 0600);
    Posix.unlinkat(OpenFlag.AT_FDCWD, path, 0);
    return fd;
  }
}
