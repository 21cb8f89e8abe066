package dev.holdfast.engine.source.duckdb;

import dev.holdfast.posix.FileStat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The write-ahead logs of a database as they were at one moment: copies of what was committed, and
/// the live ones, held open to see what becomes of them.
final class CapturedLogs implements AutoCloseable {
  private static final int BUFFER_BYTES = 1024 * 1024;

  private final Place place;
  private final List<String> scratchDirectories;
  private final List<Log> logs = new ArrayList<>();

  private CapturedLogs(Place place, List<String> scratchDirectories) {
    this.place = place;
    this.scratchDirectories = scratchDirectories;
  }

  /// @param suffix what its name adds to that of the database
  /// @param live the log itself
  /// @param stat of the log before it was read
  /// @param scan what it holds
  /// @param copy of its committed part
  private record Log(String suffix, DataFile live, FileStat stat, LogScan scan, DataFile copy) {}

  /// Copies the logs. The log of commits during a checkpoint counts only if one has begun: else it
  /// is left from an earlier one.
  static CapturedLogs take(Place place, List<String> scratchDirectories) throws IOException {
    CapturedLogs logs = new CapturedLogs(place, scratchDirectories);
    boolean complete = false;
    try {
      if (logs.take(Place.LOG) && logs.logs.getFirst().scan().hasCheckpoint()) {
        logs.take(Place.CHECKPOINT_LOG);
      }
      complete = true;
      return logs;
    } finally {
      if (!complete) {
        logs.close();
      }
    }
  }

  private boolean take(String suffix) throws IOException {
    Optional<DataFile> found = DataFile.openIfPresent(place.log(suffix));
    if (found.isEmpty()) {
      return false;
    }
    DataFile live = found.get();
    boolean taken = false;
    try {
      FileStat stat = live.stat();
      LogScan scan = LogScan.of(live, stat.sizeBytes());
      DataFile copy = DataFile.unnamed(place.path(), scratchDirectories, scan.committedBytes());
      logs.add(new Log(suffix, live, stat, scan, copy));
      taken = true;
      copy(live, copy, scan.committedBytes());
      return true;
    } finally {
      if (!taken) {
        live.close();
      }
    }
  }

  private static void copy(DataFile from, DataFile to, long lengthBytes) throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, lengthBytes)];
    for (long position = 0; position < lengthBytes; position += buffer.length) {
      int size = (int) Math.min(buffer.length, lengthBytes - position);
      from.read(position, buffer, 0, size);
      to.write(position, buffer, 0, size);
    }
  }

  /// Whether what was committed refers to blocks that no header refers to.
  boolean haveBlocks() {
    return logs.stream().anyMatch(log -> log.scan().hasBlocks());
  }

  /// Whether the blocks that these refer to have not been written again since they were taken,
  /// given that no checkpoint was completed: nobody wrote to the logs, or nothing that frees a
  /// block.
  boolean keepTheirBlocks() throws IOException {
    for (Log log : logs) {
      FileStat now = log.live().stat();
      if (!StillCopy.isUnchanged(log.stat(), now)
          && !log.scan().further(log.live(), now.sizeBytes()).isHarmless()) {
        return false;
      }
    }
    return true;
  }

  /// Whether nobody wrote to them since they were taken, and none was put in their place.
  boolean areUnchanged() throws IOException {
    for (Log log : logs) {
      if (!StillCopy.isUnchanged(log.stat(), log.live().stat())) {
        return false;
      }
    }
    return logs.isEmpty() == DataFile.openIfPresent(place.log(Place.LOG)).isEmpty();
  }

  /// The copies by what their names add to that of the database, without empty ones.
  List<Copy> copies() {
    return logs.stream()
        .filter(log -> log.scan().committedBytes() > 0)
        .map(log -> new Copy(log.suffix(), log.copy(), log.scan().committedBytes()))
        .toList();
  }

  /// The committed part of a log, closed with these logs.
  record Copy(String suffix, DataFile file, long lengthBytes) {}

  /// Lets go of the live logs. The copies stay open.
  void releaseLive() {
    logs.forEach(log -> log.live().close());
  }

  @Override
  public void close() {
    releaseLive();
    logs.forEach(log -> log.copy().close());
  }
}
