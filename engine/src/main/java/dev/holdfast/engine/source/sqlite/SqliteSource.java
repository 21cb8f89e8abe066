package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Opens live databases as images of one committed state each (design, section 4).
///
/// Paths are as the operating system has them, see [OsString]. Failures are those of
/// [HoldfastException]: not found, locked (by somebody who does not let go), rejected (encrypted,
/// damaged, being backed up already), input or output. All methods are thread-safe.
public final class SqliteSource {
  /// How often everything is at least begun again when files are replaced or change their journal
  /// mode at the wrong moment, however little patience there is.
  private static final int ATTEMPTS = 5;

  /// Between two such attempts, and two looks at who uses a database.
  private static final Duration PAUSE = Duration.ofMillis(20);

  private SqliteSource() {}

  /// The database at `path` as it is now. To be closed by the caller.
  public static SqliteImage open(String path, SqliteOptions options) {
    return attempt(path, options, () -> openOnce(path, options));
  }

  /// The databases at `paths`, all as they were at one and the same instant, in the order of
  /// `paths`. To be closed by the caller, each of them.
  ///
  /// Writers of all of them wait while the instant is fixed, which takes milliseconds; those in a
  /// rollback mode wait until they are copied.
  public static List<SqliteImage> openAll(List<String> paths, SqliteOptions options) {
    if (paths.isEmpty()) {
      return List.of();
    }
    return attempt(paths.getFirst(), options, () -> TogetherOpening.open(paths, options));
  }

  /// One try of opening.
  private interface Attempt<T> {
    T run() throws MovedOnException;
  }

  private static <T> T attempt(String path, SqliteOptions options, Attempt<T> attempt) {
    long deadline = System.nanoTime() + options.patience().toNanos();
    for (int i = 1; ; i++) {
      try {
        return attempt.run();
      } catch (MovedOnException e) {
        if (i >= ATTEMPTS && System.nanoTime() - deadline > 0) {
          throw new HoldfastException.Rejected(
              "database " + OsString.display(path) + " " + e.getMessage(), e.hint());
        }
      }
      pause(path);
    }
  }

  private static void pause(String path) {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("cancelled while opening " + OsString.display(path));
    }
  }

  private static SqliteImage openOnce(String path, SqliteOptions options) throws MovedOnException {
    DatabaseHandle handle = DatabaseHandle.open(path, options.patience());
    boolean opened = false;
    try {
      SqliteImage image = take(handle, options);
      opened = true;
      return image;
    } catch (SQLException e) {
      throw Failures.of(handle, e);
    } catch (IOException e) {
      throw Failures.io(path, e);
    } finally {
      if (!opened) {
        handle.close();
      }
    }
  }

  private static SqliteImage take(DatabaseHandle handle, SqliteOptions options)
      throws SQLException, IOException, MovedOnException {
    refuseOtherName(handle, options);
    Optional<LiveDatabase> openable = LiveDatabase.open(handle, options);
    if (openable.isEmpty()) {
      return new RestingDatabase(handle, options).image();
    }
    LiveDatabase live = openable.get();
    if (live.isInLogMode()) {
      if (!live.pinWithoutLock()) {
        live.lock();
        live.pin();
        live.unlock();
      }
    } else {
      live.pin();
    }
    return live.image();
  }

  /// Whoever has a database in WAL mode in use keeps a log beside it, but beside the name that it
  /// was opened by. Under another name, such as a hard link, half of the state would be missing and
  /// nothing would keep the other half still.
  private static void refuseOtherName(DatabaseHandle handle, SqliteOptions options)
      throws IOException {
    long deadline = System.nanoTime() + options.patience().toNanos();
    while (handle.header().writeAheadLog()
        && FileLook.statIfPresent(Sidecars.wal(handle.realPath())).isEmpty()
        && handle.file().lockHolder(Failures.LOCK_BYTES_START, Failures.LOCK_BYTES_LENGTH) != 0) {
      // So it looks, too, for the moment in which somebody opens or closes the database.
      if (System.nanoTime() > deadline) {
        throw new HoldfastException.Rejected(
            "database "
                + OsString.display(handle.path())
                + " is in use under another name, where its write-ahead log is",
            "back it up by the name that its application uses, and exclude this one");
      }
      pause(handle.path());
    }
  }
}
