package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.FileStat;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A database in WAL mode that nobody has open and that SQLite cannot open here without writing: in
/// a read-only place, or with a log that has lost its index. The files are copied while they stand
/// still, and the log is read as recovery would read it.
final class RestingDatabase {
  /// The clock of a file system may tick this seldom; a file that is younger could have been
  /// written again with the same time.
  private static final Duration TICK = Duration.ofMillis(100);

  private final DatabaseHandle handle;
  private final SqliteOptions options;

  RestingDatabase(DatabaseHandle handle, SqliteOptions options) {
    this.handle = handle;
    this.options = options;
  }

  /// What can be seen of the files from outside.
  private record Outside(
      FileStat database, Optional<FileStat> log, boolean hasIndex, long lockHolder) {
    boolean isSameAs(Outside other) {
      return FileLook.isUnchanged(database, other.database)
          && log.isPresent() == other.log.isPresent()
          && (log.isEmpty() || FileLook.isUnchanged(log.get(), other.log.orElseThrow()))
          && hasIndex == other.hasIndex;
    }

    boolean hasSettled() {
      return FileLook.isOlderThan(TICK, database)
          && log.map(stat -> FileLook.isOlderThan(TICK, stat)).orElse(true);
    }
  }

  /// Copies the files as they are.
  ///
  /// @throws MovedOnException if they are in use, or were just now
  SqliteImage image() throws IOException, MovedOnException {
    Outside before = look();
    requireRest(before);
    Optional<SqliteImage> image = tryImage(before);
    if (image.isEmpty()) {
      throw Failures.keepsChanging();
    }
    return image.get();
  }

  /// One in which SQLite found the log or its index missing was perhaps just being opened or
  /// closed.
  ///
  /// @throws MovedOnException if the files are in use, or were just now
  void requireRest() throws IOException, MovedOnException {
    requireRest(look());
  }

  private void requireRest(Outside seen) throws MovedOnException {
    if (seen.lockHolder() != 0) {
      throw new MovedOnException(Failures.lockedBySomebody(handle.file()), Failures.LOCKED_HINT);
    }
    if (!seen.hasSettled()) {
      throw Failures.keepsChanging();
    }
  }

  private Optional<SqliteImage> tryImage(Outside before) throws IOException {
    Staging staging = Staging.beside(handle.realPath(), options);
    RawFile database = staging.create(handle.path(), before.database().sizeBytes());
    RawFile log = database;
    boolean taken = false;
    try {
      Staging.copy(handle.file(), database, before.database().sizeBytes());
      if (before.log().isPresent()) {
        long logBytes = before.log().get().sizeBytes();
        log = staging.create(handle.path(), logBytes);
        try (RawFile live = RawFile.open(Sidecars.wal(handle.realPath()))) {
          Staging.copy(live, log, logBytes);
        }
      }
      if (!look().isSameAs(before) || !handle.isInPlace()) {
        return Optional.empty();
      }
      SqliteImage image = imageOf(database, log, before);
      taken = true;
      return Optional.of(image);
    } finally {
      if (!taken) {
        database.close();
        log.close();
      }
    }
  }

  private SqliteImage imageOf(RawFile database, RawFile log, Outside before) throws IOException {
    SqliteHeader header = headerOf(database);
    int pageSize = header.pageSizeBytes();
    LogReplay replay =
        before.log().isPresent() ? LogReplay.read(log, pageSize) : new LogReplay(new FrameMap(), 0);
    long pageCount = replay.pageCount();
    if (pageCount == 0) {
      long inFile = before.database().sizeBytes() / pageSize;
      pageCount = header.pageCount() == 0 ? inFile : header.pageCount();
    }
    SqliteImage.Pages pages =
        new SqliteImage.Pages(database, log, replay.frames(), pageSize, pageCount);
    DamageCheck.isLongEnough(handle, pages, before.database().sizeBytes());
    handle.keep(database);
    handle.keep(log);
    return new SqliteImage(
        handle,
        pages,
        new SqliteImage.Taken(
            SqliteImage.Way.COPY_AT_REST, options.clock().instant(), Duration.ZERO));
  }

  private SqliteHeader headerOf(RawFile database) throws IOException {
    byte[] head = new byte[SqliteHeader.LENGTH_BYTES];
    try {
      return SqliteHeader.parse(head, database.readUpTo(0, head, 0, head.length));
    } catch (SqliteHeader.MalformedHeaderException e) {
      throw Failures.damaged(handle.path(), "it " + e.getMessage());
    }
  }

  private Outside look() throws IOException {
    return new Outside(
        handle.file().stat(),
        FileLook.statIfPresent(Sidecars.wal(handle.realPath())),
        FileLook.statIfPresent(Sidecars.shm(handle.realPath())).isPresent(),
        handle.file().lockHolder(Failures.LOCK_BYTES_START, Failures.LOCK_BYTES_LENGTH));
  }
}
