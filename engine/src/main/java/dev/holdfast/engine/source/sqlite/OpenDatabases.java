package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.FileStat;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The databases that this process has open, each at most once.
///
/// POSIX locks belong to the process and to the inode: whoever closes a descriptor of a file drops
/// every lock that anybody in the process has on it. So this is one register for the whole process,
/// and nothing here opens a file that could be a database without a claim on it. Thread-safe.
final class OpenDatabases {
  private static final Map<FileKey, Claim> OPEN = new HashMap<>();

  private OpenDatabases() {}

  /// What a file is to the system, whatever its names are.
  record FileKey(long deviceId, long inode) {
    static FileKey of(FileStat stat) {
      return new FileKey(stat.deviceId(), stat.inode());
    }
  }

  /// The right to open one file, until it is closed.
  static final class Claim implements AutoCloseable {
    private final FileKey key;
    private volatile Optional<SqliteHeader> header = Optional.empty();

    private Claim(FileKey key) {
      this.key = key;
    }

    /// Makes known what the file is to those who cannot look for themselves.
    void announce(SqliteHeader newHeader) {
      header = Optional.of(newHeader);
    }

    @Override
    public void close() {
      synchronized (OPEN) {
        if (OPEN.remove(key, this)) {
          OPEN.notifyAll();
        }
      }
    }
  }

  /// Claims the file, waiting until nobody else has it; empty if that lasts longer than `patience`.
  static Optional<Claim> claim(FileKey key, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (OPEN) {
      while (OPEN.containsKey(key)) {
        long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
          return Optional.empty();
        }
        OPEN.wait(leftMillis);
      }
      Claim claim = new Claim(key);
      OPEN.put(key, claim);
      return Optional.of(claim);
    }
  }

  /// The header of the database if it is open already.
  static Optional<SqliteHeader> headerOf(FileKey key) {
    synchronized (OPEN) {
      Claim claim = OPEN.get(key);
      return claim == null ? Optional.empty() : claim.header;
    }
  }
}
