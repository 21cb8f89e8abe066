package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Several databases at one instant: take every write lock in a fixed order, begin every read
/// transaction, let go. The order is that of the real paths, so that two programs that do this
/// cannot block each other for good.
final class TogetherOpening {
  private final SqliteOptions options;
  private final Map<String, DatabaseHandle> handles = new TreeMap<>();
  private final Map<String, LiveDatabase> live = new TreeMap<>();
  private final List<String> realPaths = new ArrayList<>();

  private TogetherOpening(SqliteOptions options) {
    this.options = options;
  }

  static List<SqliteImage> open(List<String> paths, SqliteOptions options) throws MovedOnException {
    TogetherOpening opening = new TogetherOpening(options);
    boolean opened = false;
    try {
      List<SqliteImage> images = opening.take(paths);
      opened = true;
      return images;
    } finally {
      if (!opened) {
        opening.handles.values().forEach(DatabaseHandle::close);
      }
    }
  }

  private List<SqliteImage> take(List<String> paths) throws MovedOnException {
    for (String path : paths) {
      DatabaseHandle handle = DatabaseHandle.open(path, options.patience());
      handles.put(handle.realPath(), handle);
      realPaths.add(handle.realPath());
    }
    each(this::prepare);
    each(path -> live(path).lock());
    each(path -> live(path).pin());
    each(path -> live(path).unlock());
    Map<String, SqliteImage> images = new TreeMap<>();
    each(path -> images.put(path, live(path).image()));
    return realPaths.stream().map(path -> take(images, path)).toList();
  }

  private void prepare(String path) throws SQLException, IOException, MovedOnException {
    DatabaseHandle handle = handle(path);
    LiveDatabase opened =
        LiveDatabase.open(handle, options)
            .filter(LiveDatabase::canBeLocked)
            .orElseThrow(() ->
                new HoldfastException.Rejected(
                    "database "
                        + OsString.display(handle.path())
                        + " cannot be locked from here, so not together with others",
                    Failures.WRITER_HINT));
    live.put(path, opened);
  }

  /// One step on one database.
  private interface Step {
    void run(String realPath) throws SQLException, IOException, MovedOnException;
  }

  private void each(Step step) throws MovedOnException {
    for (Map.Entry<String, DatabaseHandle> entry : handles.entrySet()) {
      try {
        step.run(entry.getKey());
      } catch (SQLException e) {
        throw Failures.of(entry.getValue(), e);
      } catch (IOException e) {
        throw Failures.io(entry.getValue().path(), e);
      }
    }
  }

  private LiveDatabase live(String path) {
    return take(live, path);
  }

  private DatabaseHandle handle(String path) {
    return take(handles, path);
  }

  private static <T> T take(Map<String, T> from, String path) {
    T value = from.get(path);
    if (value == null) {
      throw new IllegalStateException("nothing for " + path);
    }
    return value;
  }
}
