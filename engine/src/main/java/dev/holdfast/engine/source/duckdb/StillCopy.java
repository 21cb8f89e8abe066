package dev.holdfast.engine.source.duckdb;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.time.Instant;

/// Copies a database whose inside cannot be read, whole, while nobody writes to its files. That is
/// all that can be promised of it.
final class StillCopy {
  private static final int BUFFER_BYTES = 1024 * 1024;

  private final CopyJob job;
  private final DataFile live;
  private final DataFile copy;
  private final Bound bound;

  StillCopy(CopyJob job) {
    this.job = job;
    this.live = job.live();
    this.copy = job.copy();
    this.bound = job.bound();
  }

  /// What was copied.
  ///
  /// @param instant of the state: when the logs were read
  /// @param logs to be closed with the copy
  record Copied(Instant instant, CapturedLogs logs, long lengthBytes) {}

  /// Copies until nothing changed meanwhile.
  Copied run() throws IOException {
    job.expectWholeCopy();
    while (true) {
      FileStat before = live.stat();
      Instant instant = job.clock().instant();
      CapturedLogs logs = job.takeLogs();
      boolean still = false;
      try {
        copy(before.sizeBytes());
        job.refuseReplaced();
        still = isUnchanged(before, live.stat()) && logs.areUnchanged();
        if (still) {
          logs.releaseLive();
          return new Copied(instant, logs, before.sizeBytes());
        }
      } finally {
        if (!still) {
          logs.close();
        }
      }
      bound.round(true);
      bound.pause();
    }
  }

  private void copy(long lengthBytes) throws PosixException {
    byte[] buffer = new byte[BUFFER_BYTES];
    copy.setLength(lengthBytes);
    long position = 0;
    while (position < lengthBytes) {
      bound.checkNotCancelled();
      int size = (int) Math.min(buffer.length, lengthBytes - position);
      int got = live.readUpTo(position, buffer, 0, size);
      if (got == 0) {
        return;
      }
      copy.write(position, buffer, 0, got);
      position += got;
    }
  }

  /// Whether nobody wrote to a file between two looks at it.
  static boolean isUnchanged(FileStat before, FileStat after) {
    return before.isSameFile(after)
        && before.sizeBytes() == after.sizeBytes()
        && before.mtimeSeconds() == after.mtimeSeconds()
        && before.mtimeNanos() == after.mtimeNanos()
        && before.ctimeSeconds() == after.ctimeSeconds()
        && before.ctimeNanos() == after.ctimeNanos();
  }
}
