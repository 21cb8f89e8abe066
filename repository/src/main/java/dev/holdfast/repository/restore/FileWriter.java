package dev.holdfast.repository.restore;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes blobs into the files of the target, and finishes each file after its last blob. One
/// thread only; several of these may work on one file, each with a descriptor of its own.
final class FileWriter implements AutoCloseable {
  /// Bounds open files of each worker; blobs of one pack go to few files, or to many once each.
  static final int MAX_OPEN = 64;

  /// The unit of holes: what file systems allocate.
  private static final int HOLE_BYTES = 4096;

  /// Write-back of a large file is started each time this much was written, so that the disk works
  /// while the next blobs are decoded and little is left for the end.
  static final long WRITE_BACK_BYTES = 8L << 20;

  private static final byte[] ZEROS = new byte[HOLE_BYTES];

  private static final class OpenFile {
    private final int fd;
    private long unsynced;

    OpenFile(int fd) {
      this.fd = fd;
    }
  }

  private final DirectoryHandles directories;
  private final TargetEntries entries;
  private final FileFinisher finisher;
  private final WriteBack writeBack;
  private final boolean sparse;
  private final Map<PlannedFile, OpenFile> open = new LinkedHashMap<>(MAX_OPEN, 0.75f, true);

  FileWriter(
      DirectoryHandles directories,
      TargetEntries entries,
      FileFinisher finisher,
      WriteBack writeBack,
      boolean sparse) {
    this.directories = directories;
    this.entries = entries;
    this.finisher = finisher;
    this.writeBack = writeBack;
    this.sparse = sparse;
  }

  /// Writes one blob, the first bytes of `plain`, to its place. What goes wrong with the file is
  /// noted in the file.
  ///
  /// @throws HoldfastException.InputOutput if the disk is full, when nothing more can be restored
  void write(PlannedFile file, long offset, byte[] plain, int lengthBytes) {
    if (file.damage() != null && !file.isCreated()) {
      return;
    }
    try {
      OpenFile target = open(file);
      if (sparse && !file.match().isUpdate()) {
        writeAroundHoles(target.fd, offset, plain, lengthBytes);
      } else {
        Posix.pwrite(target.fd, plain, 0, lengthBytes, offset);
      }
      startWriteBack(target, lengthBytes);
    } catch (PosixException e) {
      refuseIfFull(file, e);
      file.markDamaged(String.valueOf(e.getMessage()));
    }
  }

  /// One expected blob was written or given up. Finishes the file if it was the last.
  void settle(PlannedFile file) {
    if (!file.settle()) {
      return;
    }
    String damage = file.damage();
    if (damage != null && !file.isCreated()) {
      // None of its content is there: no file is better than one that is all zeros.
      finisher.giveUp(file, damage);
      return;
    }
    try {
      finisher.finish(file, open(file).fd);
    } catch (PosixException e) {
      refuseIfFull(file, e);
      finisher.giveUp(file, String.valueOf(e.getMessage()));
    }
    forget(file);
  }

  private void forget(PlannedFile file) {
    OpenFile done = open.remove(file);
    if (done != null) {
      DirectoryHandles.closeQuietly(done.fd);
    }
  }

  private OpenFile open(PlannedFile file) throws PosixException {
    OpenFile known = open.get(file);
    if (known != null) {
      return known;
    }
    if (open.size() >= MAX_OPEN) {
      Iterator<OpenFile> eldest = open.values().iterator();
      DirectoryHandles.closeQuietly(eldest.next().fd);
      eldest.remove();
    }
    OpenFile opened = new OpenFile(openOrCreate(file));
    open.put(file, opened);
    return opened;
  }

  private int openOrCreate(PlannedFile file) throws PosixException {
    int directoryFd = directories.open(file.directory());
    // Two workers may come with the first blob: only one of them makes the file.
    synchronized (file) {
      if (file.isCreated()) {
        return entries.openFile(directoryFd, file.name());
      }
      int fd =
          switch (file.match().kind()) {
            case NONE -> entries.createFile(directoryFd, file.name());
            case PARTLY -> entries.openFile(directoryFd, file.name());
            case WHOLE -> ExistingFile.open(directoryFd, file.name());
          };
      file.setCreated();
      if (!file.match().isWhole()
          && (file.match().isUpdate() || file.content().size() > 1 || sparse)) {
        setSize(file, fd);
      }
      return fd;
    }
  }

  private static void setSize(PlannedFile file, int fd) throws PosixException {
    try {
      Posix.ftruncate(fd, file.sizeBytes());
    } catch (PosixException e) {
      DirectoryHandles.closeQuietly(fd);
      throw e;
    }
  }

  private static void writeAroundHoles(int fd, long offset, byte[] plain, int length)
      throws PosixException {
    int from = 0;
    while (from < length) {
      int hole = zeroBytes(plain, from, length, offset);
      from += hole;
      int end = from;
      while (end < length && zeroBytes(plain, end, length, offset) == 0) {
        end = blockEnd(end, length, offset);
      }
      if (end > from) {
        Posix.pwrite(fd, plain, from, end - from, offset + from);
      }
      from = end;
    }
  }

  /// Length of the zeros from `from`, counted in blocks of the file.
  private static int zeroBytes(byte[] plain, int from, int length, long offset) {
    int at = from;
    while (at < length) {
      int end = blockEnd(at, length, offset);
      if (Arrays.mismatch(plain, at, end, ZEROS, 0, end - at) >= 0) {
        break;
      }
      at = end;
    }
    return at - from;
  }

  private static int blockEnd(int at, int length, long offset) {
    int inBlock = (int) ((offset + at) % HOLE_BYTES);
    return Math.min(length, at + HOLE_BYTES - inBlock);
  }

  private void startWriteBack(OpenFile target, int lengthBytes) throws PosixException {
    target.unsynced += lengthBytes;
    if (target.unsynced >= WRITE_BACK_BYTES) {
      target.unsynced = 0;
      writeBack.start(target.fd);
    }
  }

  private static void refuseIfFull(PlannedFile file, PosixException e) {
    if (e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT) {
      throw new HoldfastException.InputOutput(
          "cannot restore " + file.path() + ": " + e.getMessage(),
          "make room in the target and run the same command again, which goes on from here",
          e);
    }
  }

  @Override
  public void close() {
    for (OpenFile file : open.values()) {
      DirectoryHandles.closeQuietly(file.fd);
    }
    open.clear();
  }
}
