package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/// Tells databases from ordinary files by what they hold, never by their name.
///
/// Safe to use on a file that this process is backing up at this moment. Anybody who opens and
/// closes such a file otherwise takes SQLite's locks away from it, so ask here before opening a
/// file that may be a database. Thread-safe.
public final class SqliteDetector {
  private static final int MAGIC_BYTES = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private SqliteDetector() {}

  /// What the regular file at `path` is. Symbolic links are followed.
  ///
  /// @throws IOException if it cannot be read
  public static Detection detect(String path) throws IOException {
    try (RawFile named = RawFile.name(path)) {
      FileStat stat = named.stat();
      if (!stat.isRegular() || stat.sizeBytes() < MAGIC_BYTES) {
        return new Detection.OrdinaryFile();
      }
      OpenDatabases.FileKey key = OpenDatabases.FileKey.of(stat);
      Optional<SqliteHeader> known = OpenDatabases.headerOf(key);
      if (known.isPresent()) {
        return new Detection.Database(known.get());
      }
      try (OpenDatabases.Claim _ =
          OpenDatabases.claim(key, PATIENCE)
              .orElseThrow(
                  () -> new IOException("it is being opened as a database for too long"))) {
        return look(named);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for another look at the same file", e);
      }
    }
  }

  private static Detection look(RawFile named) throws IOException {
    byte[] head = new byte[SqliteHeader.LENGTH_BYTES];
    try (RawFile file = named.reopen()) {
      int length = file.readUpTo(0, head, 0, head.length);
      Detection seen = classify(head, length);
      return seen instanceof Detection.OrdinaryFile ? besideSidecars(named) : seen;
    }
  }

  /// What the first `length` bytes of a file, up to [SqliteHeader#LENGTH_BYTES] of them, say alone.
  public static Detection classify(byte[] head, int length) {
    if (!SqliteHeader.hasMagic(head, length)) {
      return new Detection.OrdinaryFile();
    }
    try {
      return new Detection.Database(SqliteHeader.parse(head, length));
    } catch (SqliteHeader.MalformedHeaderException e) {
      return new Detection.Refused("is a damaged SQLite database: it " + e.getMessage());
    }
  }

  /// A file without SQLite's header whose log or journal has one is an encrypted database, or one
  /// whose first page is lost.
  private static Detection besideSidecars(RawFile named) throws IOException {
    String path = named.realPath();
    byte[] head = new byte[Long.BYTES];
    if (headOf(Sidecars.wal(path), head)) {
      int magic = ByteBuffer.wrap(head).getInt(0);
      int version = ByteBuffer.wrap(head).getInt(4);
      if ((magic & ~1) == WalFormat.MAGIC && version == WalFormat.VERSION) {
        return new Detection.Refused(
            "is an encrypted or damaged SQLite database: it has a write-ahead log and no header");
      }
    }
    if (headOf(Sidecars.journal(path), head)
        && ByteBuffer.wrap(head).getLong(0) == Sidecars.JOURNAL_MAGIC) {
      return new Detection.Refused(
          "is an encrypted or damaged SQLite database: it has a rollback journal and no header");
    }
    return new Detection.OrdinaryFile();
  }

  private static boolean headOf(String path, byte[] head) throws IOException {
    try {
      Optional<RawFile> file = RawFile.openIfPresent(path);
      if (file.isEmpty()) {
        return false;
      }
      try (RawFile open = file.get()) {
        return open.stat().isRegular() && open.readUpTo(0, head, 0, head.length) == head.length;
      }
    } catch (PosixException e) {
      // A name that is too long with the suffix has no sidecar; neither has one behind a bad link.
      if (e.errno() == Errno.ENAMETOOLONG || e.errno() == Errno.ELOOP) {
        return false;
      }
      throw e;
    }
  }
}
