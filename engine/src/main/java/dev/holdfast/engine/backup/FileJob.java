package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.files.Descriptors;
import dev.holdfast.engine.source.files.Found;
import dev.holdfast.engine.source.files.NodeMetadata;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.NodeBuilder;
import dev.holdfast.repository.write.SavedBlob;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads one file and stores it.
final class FileJob implements Workers.Job {
  private final BackupRun run;
  private final Found found;
  private final FilePlace place;
  private final boolean mayBeDatabase;

  /// @param found the file, whose directory is held for this job
  /// @param mayBeDatabase whether to look for a database in it
  FileJob(BackupRun run, Found found, FilePlace place, boolean mayBeDatabase) {
    this.run = run;
    this.found = found;
    this.place = place;
    this.mayBeDatabase = mayBeDatabase;
  }

  @Override
  public void run() {
    try {
      DatabaseEngine engine = read();
      if (engine != null) {
        new DatabaseJob(run, engine, found, place).store();
      }
    } catch (IOException e) {
      run.problem(found.path(), e);
      run.fill(place.directory(), place.index(), null);
    } finally {
      found.directory().release();
    }
  }

  @Override
  public void discard() {
    found.directory().release();
  }

  /// Stores the file unless it is a database.
  ///
  /// @return the kind of database it is, and nothing was stored; null for everything else
  /// @throws IOException if it could not be read, and nothing was put into its place
  private @Nullable DatabaseEngine read() throws IOException {
    if (!mayBeDatabase) {
      return read(() -> {});
    }
    // It may be open as a database at this moment, found by another path.
    try (DatabaseFiles.Claim claim = run.databaseFiles().claim(found.stat())) {
      return read(claim::close);
    }
  }

  /// @param isOrdinary called as soon as it is known that the file is no database
  private @Nullable DatabaseEngine read(Runnable isOrdinary) throws IOException {
    int fd = found.directory().openFile(found.name());
    try {
      FileStat before = Posix.fstat(fd);
      if (!before.isRegular()) {
        throw new IOException("is no longer a file");
      }
      byte[] head = run.headBuffer();
      int headBytes = readHead(fd, head, before.sizeBytes());
      DatabaseEngine engine = mayBeDatabase ? recognize(head, headBytes) : null;
      if (engine == null) {
        isOrdinary.run();
        run.event(new BackupEvent.FileStarted(place.directory().pathOf(found.nodeName())));
        store(fd, before, head, headBytes);
      }
      return engine;
    } finally {
      Descriptors.close(fd);
    }
  }

  /// Fills `head`, or reads the whole file. One that is as long as it was is not asked for more;
  /// should it grow meanwhile, its times tell.
  private static int readHead(int fd, byte[] head, long sizeBytes) throws PosixException {
    int size = 0;
    while (size < head.length) {
      int read = Posix.pread(fd, head, size, head.length - size, size);
      size += Math.max(read, 0);
      if (read <= 0 || size == sizeBytes) {
        break;
      }
    }
    return size;
  }

  private @Nullable DatabaseEngine recognize(byte[] head, int headBytes) {
    for (DatabaseEngine engine : run.engines()) {
      if (engine.recognizes(head, Math.min(headBytes, DatabaseEngine.HEAD_BYTES))) {
        return engine;
      }
    }
    return null;
  }

  private void store(int fd, FileStat before, byte[] head, int headBytes) throws IOException {
    NodeBuilder node = run.metadata().of(found.nodeName(), before);
    node.extendedAttributes(NodeMetadata.attributes(fd));
    if (headBytes < head.length) {
      storeSmall(fd, before, head, headBytes, node);
    } else {
      storeBig(fd, before, head, node);
    }
  }

  private void storeSmall(int fd, FileStat before, byte[] head, int headBytes, NodeBuilder node)
      throws IOException {
    long added = 0;
    long stored = 0;
    BlobIds ids = BlobIds.EMPTY;
    if (headBytes > 0) {
      SavedBlob saved = run.save(BlobType.DATA, head, 0, headBytes);
      run.bytesDone(headBytes);
      ids = BlobIds.of(saved.id());
      added = saved.isNew() ? headBytes : 0;
      stored = saved.storedBytes();
    }
    reportChange(fd, before);
    run.ordinaryFileDone(
        found, place, node.sizeBytes(headBytes).content(ids).build(), added, stored);
  }

  private void storeBig(int fd, FileStat before, byte[] head, NodeBuilder node) throws IOException {
    PendingContent content =
        new PendingContent((ids, added, stored) -> complete(node, ids, added, stored));
    try {
      FileInput input = new FileInput(fd, head.length);
      node.sizeBytes(run.cutter().cut(head, head.length, input, content));
      reportChange(fd, before);
    } catch (IOException e) {
      // The parts that are in work still end the content, so it is for the last of them to give
      // the place back.
      run.problem(found.path(), e);
      content.failed();
      return;
    }
    content.end();
  }

  private void complete(NodeBuilder node, @Nullable BlobIds ids, long added, long stored) {
    if (ids == null) {
      run.fill(place.directory(), place.index(), null);
    } else {
      run.ordinaryFileDone(found, place, node.content(ids).build(), added, stored);
    }
  }

  /// What was read of a file that was written to meanwhile may never have been its content.
  private void reportChange(int fd, FileStat before) throws PosixException {
    FileStat after = Posix.fstat(fd);
    boolean changed =
        after.sizeBytes() != before.sizeBytes()
            || after.mtimeSeconds() != before.mtimeSeconds()
            || after.mtimeNanos() != before.mtimeNanos();
    if (changed) {
      run.doubt(found.path(), "changed while it was being read");
    }
  }

  /// Reads on in a file.
  private static final class FileInput implements ContentCutter.Input {
    private final int fd;
    private long position;

    FileInput(int fd, long position) {
      this.fd = fd;
      this.position = position;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = Posix.pread(fd, target, offset, length, position);
      position += Math.max(read, 0);
      return read;
    }
  }
}
