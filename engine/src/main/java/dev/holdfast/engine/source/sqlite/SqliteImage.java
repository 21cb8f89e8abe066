package dev.holdfast.engine.source.sqlite;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.sqlite.btree.PageCensus;
import dev.holdfast.posix.OsString;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// One committed state of a database, as the file that holds it and nothing else: it opens without
/// a log. Reads may run in parallel.
public final class SqliteImage implements Content {
  private final DatabaseHandle handle;
  private final Pages pages;
  private final Taken taken;
  private final PageCensus census;

  SqliteImage(DatabaseHandle handle, Pages pages, Taken taken) {
    this.handle = handle;
    this.pages = pages;
    this.taken = taken;
    this.census = new PageCensus(pages.pageSizeBytes(), pages.pageCount());
  }

  /// Where the pages of the state are.
  ///
  /// @param database the database file, or a copy of it
  /// @param log the write-ahead log, or the database again where `frames` is empty
  /// @param frames the pages to be read from the log
  record Pages(RawFile database, RawFile log, FrameMap frames, int pageSizeBytes, long pageCount) {
    static Pages withoutLog(RawFile database, int pageSizeBytes, long pageCount) {
      return new Pages(database, database, new FrameMap(), pageSizeBytes, pageCount);
    }

    long lengthBytes() {
      return pageCount * pageSizeBytes;
    }
  }

  /// How the state was fixed.
  public enum Way {
    /// By a read transaction between two equal looks at the wal-index: no writer waited.
    LOG_WITHOUT_LOCK,
    /// By a read transaction under the write lock.
    LOG_UNDER_LOCK,
    /// By a copy that was proven current under a shared lock: writers hardly waited.
    COPY_BEFORE_LOCK,
    /// By a copy made under a shared lock.
    COPY_UNDER_LOCK,
    /// By a copy of files that nobody had open and that stood still.
    COPY_AT_REST
  }

  /// How the state was fixed, when, and how long the lock was held that writers would have waited
  /// for.
  record Taken(Way way, Instant instant, Duration lockHeld) {}

  @Override
  public long lengthBytes() {
    return pages.lengthBytes();
  }

  @Override
  public Cutting cutting() {
    return ExtentPolicy.cutting(pages.pageSizeBytes());
  }

  @Override
  public Claim claim() {
    return Claim.TRANSACTIONAL;
  }

  public int pageSizeBytes() {
    return pages.pageSizeBytes();
  }

  public long pageCount() {
    return pages.pageCount();
  }

  public Way way() {
    return taken.way();
  }

  /// How long the lock was held that writers wait for.
  public Duration lockHeld() {
    return taken.lockHeld();
  }

  /// When the state was the database's.
  public Instant instant() {
    return taken.instant();
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) throws IOException {
    readUnnoted(position, target, offset, length);
    census.note(position, target, offset, length);
  }

  String path() {
    return handle.path();
  }

  @Override
  public Optional<SourceFacts> facts() {
    try {
      return Optional.of(SqliteFacts.of(this, census));
    } catch (IOException e) {
      throw Failures.io(handle.path(), e);
    }
  }

  void readUnnoted(long position, byte[] target, int offset, int length) throws IOException {
    if (position < 0 || length > lengthBytes() - position) {
      throw new EOFException(
          "read of %d bytes at %d of an image of %d".formatted(length, position, lengthBytes()));
    }
    int done = 0;
    while (done < length) {
      int page = Math.toIntExact((position + done) / pages.pageSizeBytes()) + 1;
      int inPage = (int) ((position + done) % pages.pageSizeBytes());
      int frame = pages.frames().frameOf(page);
      if (frame != 0) {
        int part = Math.min(length - done, pages.pageSizeBytes() - inPage);
        long at = WalFormat.pageOffset(Integer.toUnsignedLong(frame), pages.pageSizeBytes());
        pages.log().read(at + inPage, target, offset + done, part);
        done += part;
      } else {
        int part = lengthOutsideLog(page, inPage, length - done);
        readDatabase(position + done, target, offset + done, part);
        done += part;
      }
    }
  }

  /// How much of the wanted bytes, from `inPage` of `page`, comes from the database in one piece.
  private int lengthOutsideLog(int page, int inPage, int wanted) {
    if (pages.frames().size() == 0) {
      return wanted;
    }
    int covered = pages.pageSizeBytes() - inPage;
    int next = page + 1;
    while (covered < wanted && pages.frames().frameOf(next) == 0) {
      covered += pages.pageSizeBytes();
      next++;
    }
    return Math.min(covered, wanted);
  }

  /// The page of the lock bytes is never written, so the file may end before it.
  private void readDatabase(long position, byte[] target, int offset, int length)
      throws IOException {
    int got = pages.database().readUpTo(position, target, offset, length);
    if (got == length) {
      return;
    }
    long lockStart = Failures.LOCK_BYTES_START - Failures.LOCK_BYTES_START % pages.pageSizeBytes();
    if (position + got < lockStart || position + length > lockStart + pages.pageSizeBytes()) {
      throw new EOFException(
          OsString.display(handle.path())
              + " ends at "
              + (position + got)
              + ", which is too early");
    }
    Arrays.fill(target, offset + got, offset + length, (byte) 0);
  }

  @Override
  public void close() {
    handle.close();
  }
}
