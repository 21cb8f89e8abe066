package dev.holdfast.engine.source.sqlite;

import java.util.List;
import java.util.Optional;

/// The files that SQLite keeps beside a database, named after it. They belong to the state of the
/// database and mean nothing by themselves, so they are never backed up as files.
public final class Sidecars {
  private static final String WAL = "-wal";
  private static final String SHM = "-shm";
  private static final String JOURNAL = "-journal";
  static final List<String> SUFFIXES = List.of(WAL, SHM, JOURNAL);

  private Sidecars() {}

  /// The write-ahead log of `database`, a path or a name.
  public static String wal(String database) {
    return database + WAL;
  }

  /// The wal-index of `database`, which is in shared memory.
  public static String shm(String database) {
    return database + SHM;
  }

  /// The rollback journal of `database`.
  public static String journal(String database) {
    return database + JOURNAL;
  }

  /// All names that a sidecar of `database` may have.
  public static List<String> all(String database) {
    return List.of(wal(database), shm(database), journal(database));
  }

  /// The database that a file of this name would belong to, if it is named as a sidecar is. Whether
  /// it is one depends on what stands under that name.
  public static Optional<String> databaseOf(String name) {
    for (String suffix : SUFFIXES) {
      if (name.endsWith(suffix) && name.length() > suffix.length()) {
        return Optional.of(name.substring(0, name.length() - suffix.length()));
      }
    }
    return Optional.empty();
  }
}
