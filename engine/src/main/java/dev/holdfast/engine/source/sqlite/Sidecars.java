package dev.holdfast.engine.source.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// The files that SQLite keeps beside a database, named after it. They belong to the state of the
/// database and mean nothing by themselves, so they are never backed up as files.
public final class Sidecars {
  /// A rollback journal that is to be rolled back begins with it, and one of a transaction over
  /// several databases ends with it (SQLite file format, section 3).
  static final long JOURNAL_MAGIC = 0xd9d505f920a163d7L;

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

  /// Whether SQLite would read pages out of a sidecar when it opens the database. An index is made
  /// anew from its log; a journal that was kept when its transaction had ended begins with a zero,
  /// or has nothing in it.
  static boolean holdsState(String sidecar) throws IOException {
    if (sidecar.endsWith(SHM)) {
      return false;
    }
    try (RawFile file = RawFile.open(sidecar)) {
      byte[] first = new byte[1];
      return file.readUpTo(0, first, 0, first.length) > 0 && first[0] != 0;
    }
  }

  /// Whether the journal of `database`, a path, holds a transaction that did not end, or goes on.
  static boolean needRollback(String database) throws IOException {
    Optional<RawFile> journal =
        FileLook.statIfPresent(journal(database)).isPresent()
            ? RawFile.openIfPresent(journal(database))
            : Optional.empty();
    if (journal.isEmpty()) {
      return false;
    }
    try (RawFile file = journal.get()) {
      byte[] head = new byte[Long.BYTES];
      file.readUpTo(0, head, 0, head.length);
      return ByteBuffer.wrap(head).getLong() == JOURNAL_MAGIC;
    }
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
