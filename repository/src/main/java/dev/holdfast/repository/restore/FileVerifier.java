package dev.holdfast.repository.restore;

import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.index.BlobIndex;
import java.util.BitSet;
import java.util.Queue;

/// Reads restored files again, from the disk and not from memory, and compares them with the
/// snapshot. One thread only; several of these work on one queue.
final class FileVerifier implements AutoCloseable {
  private static final int WRITE_OUT =
      OpenFlag.SYNC_FILE_RANGE_WAIT_BEFORE
          | OpenFlag.SYNC_FILE_RANGE_WRITE
          | OpenFlag.SYNC_FILE_RANGE_WAIT_AFTER;

  private final DirectoryHandles directories;
  private final ExistingFile existingFile;
  private final boolean writesOut;
  private final Reporter reporter;

  /// @param writesOut whether a file may still be in memory alone, and is to be written to disk
  ///   first
  FileVerifier(int rootFd, BlobIndex index, boolean writesOut, Reporter reporter) {
    this.writesOut = writesOut;
    directories = new DirectoryHandles(rootFd);
    existingFile = new ExistingFile(index);
    this.reporter = reporter;
  }

  /// Works until no file is left or this thread is interrupted.
  void run(Queue<PlannedFile> files) {
    for (PlannedFile file = files.poll(); file != null; file = files.poll()) {
      if (Thread.interrupted()) {
        throw new HoldfastException.Cancelled("the restore was interrupted");
      }
      verify(file);
    }
  }

  private void verify(PlannedFile file) {
    String path = file.path();
    try {
      int fd = ExistingFile.open(directories.open(file.directory()), file.name());
      try {
        verify(file, path, fd);
      } finally {
        DirectoryHandles.closeQuietly(fd);
      }
    } catch (PosixException e) {
      reporter.error(path, "not verified: " + e.getMessage());
    }
  }

  private void verify(PlannedFile file, String path, int fd) throws PosixException {
    long sizeBytes = Posix.fstat(fd).sizeBytes();
    if (sizeBytes != file.sizeBytes()) {
      reporter.error(
          path, "has " + sizeBytes + " bytes after the restore, not " + file.sizeBytes());
      return;
    }
    if (writesOut) {
      Posix.syncFileRange(fd, 0, 0, WRITE_OUT);
    }
    Posix.fadvise(fd, 0, 0, OpenFlag.POSIX_FADV_DONTNEED);
    BitSet matches = existingFile.matches(fd, file.content());
    int wrong = matches.nextClearBit(0);
    if (wrong < file.content().size()) {
      reporter.error(path, "has wrong content after the restore, from blob number " + wrong);
    } else {
      reporter.verified(path, sizeBytes);
    }
  }

  @Override
  public void close() {
    directories.close();
  }
}
