package dev.holdfast.engine.source.duckdb;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/// A database to be copied, and what for.
///
/// @param live the database's file
/// @param copy an empty file to copy it into
/// @param scratchDirectories where copies of its logs may be
/// @param bound how long it may take
/// @param clock says when a state was fixed
record CopyJob(
    Place place,
    DataFile live,
    DataFile copy,
    List<String> scratchDirectories,
    Bound bound,
    Clock clock) {
  /// What everything may at least be copied with; a slower disk takes from the patience.
  private static final long BYTES_PER_SECOND = 20L * 1024 * 1024;

  /// Allows for the time in which everything is copied once.
  void expectWholeCopy() throws IOException {
    bound.expect(live.stat().sizeBytes(), BYTES_PER_SECOND);
  }

  CapturedLogs takeLogs() throws IOException {
    return CapturedLogs.take(place, scratchDirectories);
  }

  /// The logs were found by name: they are of another file if that took the database's place.
  void refuseReplaced() throws IOException {
    FileStat named = Posix.stat(place.path());
    if (!named.isSameFile(live.stat())) {
      throw Failures.replaced(place);
    }
  }
}
