package dev.holdfast.engine.backup;

import dev.holdfast.posix.FileStat;
import dev.holdfast.repository.error.HoldfastException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The files that are being looked into, or read as databases, by what they are to the system. One
/// file may be met twice at a time: under hard links, through linked directories, by two backups.
///
/// POSIX locks belong to the process and to the file: whoever closes a descriptor of a database
/// drops the locks that its reader has on it. So a file is opened under a [Claim], and only one
/// claim on it exists in the process. A backup also stores a database with several names once, so
/// that all of them show one state, as they will be one file again when they are restored.
/// Thread-safe.
final class DatabaseFiles {
  /// Between two looks at whether the other is done, or there is a part to help with.
  private static final long PAUSE_MILLIS = 20;

  /// Blobs of databases with several names that are remembered: 32 MB of ids. A database that does
  /// not fit is read again under its next name.
  private static final int BLOBS_MAX = 1_000_000;

  private static final Set<FileKey> CLAIMED = new HashSet<>();

  private final Workers workers;
  private final Map<FileKey, StoredDatabase> stored = new HashMap<>();
  private int storedBlobs;

  DatabaseFiles(Workers workers) {
    this.workers = workers;
  }

  /// The right to open a file, until it is closed; closing it again does nothing.
  static final class Claim implements AutoCloseable {
    private final FileKey key;
    private boolean closed;

    private Claim(FileKey key) {
      this.key = key;
    }

    @Override
    public void close() {
      synchronized (CLAIMED) {
        if (!closed) {
          closed = true;
          CLAIMED.remove(key);
          CLAIMED.notifyAll();
        }
      }
    }
  }

  /// Claims a file. A worker that waits for another does parts of what that one reads, so that it
  /// will be done.
  ///
  /// @throws HoldfastException.Cancelled if this thread is interrupted
  Claim claim(FileStat stat) {
    FileKey key = FileKey.of(stat);
    while (true) {
      synchronized (CLAIMED) {
        if (CLAIMED.add(key)) {
          return new Claim(key);
        }
      }
      if (!workers.helpWithPart()) {
        pause(key);
      }
    }
  }

  private static void pause(FileKey key) {
    try {
      synchronized (CLAIMED) {
        if (CLAIMED.contains(key)) {
          CLAIMED.wait(PAUSE_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted");
    }
  }

  /// Remembers the state of a database, if it has other names.
  synchronized void stored(FileStat stat, StoredDatabase state) {
    if (stat.links() > 1 && state.content().ids().size() <= BLOBS_MAX - storedBlobs) {
      storedBlobs += state.content().ids().size();
      stored.put(FileKey.of(stat), state);
    }
  }

  /// The state of a database that this backup has stored under another name.
  synchronized Optional<StoredDatabase> storedBefore(FileStat stat) {
    return Optional.ofNullable(stored.get(FileKey.of(stat)));
  }
}
