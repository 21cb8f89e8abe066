package dev.holdfast.engine.source.sqlite;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// How a database is opened.
///
/// @param patience how long to wait for the application's locks, and for another backup of the same
///   database in this process, before giving up
/// @param leftAlone how long nobody may have written a database in a rollback mode for it to be
///   copied before its lock is taken: much longer than the clock of a file system ticks, so that a
///   later write cannot carry the same time
/// @param stagingDirectories where a copy may be kept, without a name, while it is read, after the
///   directory of the database itself; the first with enough space is taken
/// @param clock for the instants of states
public record SqliteOptions(
    Duration patience, Duration leftAlone, List<String> stagingDirectories, InstantSource clock) {
  public SqliteOptions {
    if (patience.isNegative() || patience.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("patience of " + patience);
    }
    stagingDirectories = List.copyOf(stagingDirectories);
  }

  /// Ten seconds of patience: longer than any commit should take, short enough to be told why. Two
  /// seconds to be left alone: what was written later will probably be written again soon. The
  /// staging directory is that of temporary files.
  public static SqliteOptions defaults() {
    return new SqliteOptions(
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        List.of(System.getProperty("java.io.tmpdir", "/tmp")),
        InstantSource.system());
  }

  public SqliteOptions withPatience(Duration newPatience) {
    return new SqliteOptions(newPatience, leftAlone, stagingDirectories, clock);
  }

  public SqliteOptions withLeftAlone(Duration newLeftAlone) {
    return new SqliteOptions(patience, newLeftAlone, stagingDirectories, clock);
  }
}
