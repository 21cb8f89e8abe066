package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/// A database that is read through SQLite's own locks while applications use it. The steps:
/// [#open], then either [#pinWithoutLock] or [#lock], [#pin], [#unlock], then [#image].
final class LiveDatabase {
  /// How often a read transaction is begun in the hope that no commit comes between two looks at
  /// the wal-index. At 2,600 commits a second most attempts succeed; the lock is for the rest.
  private static final int ATTEMPTS_WITHOUT_LOCK = 20;

  /// How often the wal-index is read again while it is being written.
  private static final int READ_ATTEMPTS = 1000;

  /// What SQLite's `unix-dotfile` locks with: a folder beside the database.
  private static final String DOT_LOCK = ".lock";

  private static final String LOG_MODE = "wal";
  private static final int BASE_CODE = 0xff;

  private final DatabaseHandle handle;
  private final SqliteOptions options;
  private final SqliteSession reader;
  private final boolean inLogMode;
  private final @Nullable RawFile index;
  private final Optional<EarlyCopy> early;
  private @Nullable SqliteSession locker;
  private @Nullable PinnedLog pinned;
  private @Nullable FileStat fixed;
  private long lockedNanos;
  private Duration lockHeld = Duration.ZERO;
  private Instant pinnedAt = Instant.MIN;

  private LiveDatabase(
      DatabaseHandle handle,
      SqliteOptions options,
      SqliteSession reader,
      boolean inLogMode,
      @Nullable RawFile index,
      Optional<EarlyCopy> early) {
    this.handle = handle;
    this.options = options;
    this.reader = reader;
    this.inLogMode = inLogMode;
    this.index = index;
    this.early = early;
  }

  /// Connects, unless SQLite cannot open the database without leaving other files behind than it
  /// found; then there is none, and nobody uses the database.
  ///
  /// @throws MovedOnException if the database was just being replaced, opened or closed
  static Optional<LiveDatabase> open(DatabaseHandle handle, SqliteOptions options)
      throws SQLException, IOException, MovedOnException {
    refuseDotLocked(handle);
    Optional<SqliteSession.Access> access = accessFor(handle);
    if (access.isPresent()) {
      try {
        return Optional.of(connect(handle, options, access.get()));
      } catch (SQLException e) {
        if (!handle.header().writeAheadLog() || !isForWantOfPermission(e)) {
          throw e;
        }
        handle.disconnectAll();
      }
    }
    // An application that opens the database anew for every change makes its log and its index each
    // time, and removes both.
    new RestingDatabase(handle, options).requireRest();
    return Optional.empty();
  }

  /// Who locks in another way than this SQLite does seems to have gone, and his journal to have
  /// been left: it would be rolled back while he writes.
  private static void refuseDotLocked(DatabaseHandle handle) throws IOException, MovedOnException {
    String lock = handle.realPath() + DOT_LOCK;
    if (Sidecars.needRollback(handle.realPath())
        && FileLook.statIfPresent(lock).map(FileStat::isDirectory).orElse(false)) {
      throw new MovedOnException(
          "has a transaction to be rolled back, and is locked by the folder "
              + OsString.display(lock),
          "stop the application for the backup; if none is at work, remove that folder");
    }
  }

  /// Reads the schema, to see that the database can be read at all.
  ///
  /// @param access [SqliteSession.Access#READ] leaves a log that is there in its place;
  ///   [SqliteSession.Access#WRITE] removes the one that the connection itself created
  private static LiveDatabase connect(
      DatabaseHandle handle, SqliteOptions options, SqliteSession.Access access)
      throws SQLException, IOException, MovedOnException {
    SqliteSession reader = handle.connect(access, options.patience());
    reader.restrictToQueries();
    reader.number("SELECT count(*) FROM sqlite_schema");
    boolean inLogMode = isInLogMode(reader);
    if (!handle.isInPlace()) {
      throw new MovedOnException("was replaced while it was being opened");
    }
    // In WAL mode the connection keeps a lock on the database from here on, so that nobody removes
    // the log and its index before it is closed.
    RawFile index = inLogMode ? handle.openSidecar(Sidecars.shm(handle.realPath())) : null;
    Optional<EarlyCopy> early = inLogMode ? Optional.empty() : EarlyCopy.of(handle, options);
    return new LiveDatabase(handle, options, reader, inLogMode, index, early);
  }

  boolean isInLogMode() {
    return inLogMode;
  }

  /// Tries to begin the read transaction without keeping any writer waiting: if the wal-index says
  /// the same before and after, nothing was committed in between.
  boolean pinWithoutLock() throws SQLException, IOException {
    if (!inLogMode) {
      return false;
    }
    for (int i = 0; i < ATTEMPTS_WITHOUT_LOCK; i++) {
      if (beginBetweenEqualLooks()) {
        return true;
      }
      reader.rollback();
    }
    return false;
  }

  /// Whether [#lock] keeps commits out. In a rollback mode every reader does; in WAL mode it takes
  /// the right to write, without which SQLite begins to read in place of an error.
  boolean canBeLocked() {
    return !inLogMode || handle.isWritable();
  }

  /// Takes the write lock.
  ///
  /// @throws MovedOnException if it [cannot be taken][#canBeLocked()]
  void lock() throws SQLException, MovedOnException {
    if (!canBeLocked()) {
      throw Failures.keepsChanging();
    }
    SqliteSession session = handle.connect(SqliteSession.Access.WRITE, options.patience());
    locker = session;
    session.beginImmediate();
    lockedNanos = System.nanoTime();
  }

  /// Begins the read transaction while [#lock] keeps the state still.
  void pin() throws SQLException, IOException, MovedOnException {
    if (inLogMode) {
      if (!beginBetweenEqualLooks()) {
        throw new MovedOnException("was written by somebody who does not respect its locks");
      }
      return;
    }
    reader.beginRead();
    pinnedAt = options.clock().instant();
    if (lockedNanos == 0) {
      lockedNanos = System.nanoTime();
    }
    if (isInLogMode(reader)) {
      throw new MovedOnException("changed to another journal mode");
    }
    fixed = handle.file().stat();
  }

  /// Lets writers go on. In a rollback mode they still cannot commit until the copy is made.
  void unlock() throws SQLException {
    SqliteSession session = locker;
    if (session != null) {
      session.rollback();
      if (inLogMode) {
        lockHeld = sinceLocked();
      }
      handle.disconnect(session);
      locker = null;
    }
  }

  /// The state that was pinned.
  SqliteImage image() throws SQLException, IOException, MovedOnException {
    int pageSize = Math.toIntExact(reader.number("PRAGMA page_size"));
    long pageCount = reader.number("PRAGMA page_count");
    if (!inLogMode) {
      return copy(pageSize, pageCount);
    }
    PinnedLog log = pinned;
    if (log == null) {
      throw new IllegalStateException("not pinned");
    }
    SqliteImage.Pages pages = pages(log, pageSize, pageCount);
    DamageCheck.pagesArePresent(handle, pages);
    SqliteImage.Way way =
        lockHeld.isZero() ? SqliteImage.Way.LOG_WITHOUT_LOCK : SqliteImage.Way.LOG_UNDER_LOCK;
    return new SqliteImage(handle, pages, new SqliteImage.Taken(way, pinnedAt, lockHeld));
  }

  private SqliteImage.Pages pages(PinnedLog log, int pageSize, long pageCount)
      throws IOException, MovedOnException {
    WalIndexHeader header = log.index();
    if (log.backfilled() == header.lastFrame()) {
      return SqliteImage.Pages.withoutLog(handle.file(), pageSize, pageCount);
    }
    if (header.pageCount() != pageCount || header.pageSizeBytes() != pageSize) {
      throw new MovedOnException(
          "has %d pages of %d bytes for SQLite and %d of %d in its wal-index"
              .formatted(pageCount, pageSize, header.pageCount(), header.pageSizeBytes()));
    }
    RawFile wal = handle.openSidecar(Sidecars.wal(handle.realPath()));
    return new SqliteImage.Pages(handle.file(), wal, log.frames(wal), pageSize, pageCount);
  }

  /// The order matters: the backfill is read between the two looks at the header, so that it is of
  /// the same generation of the log.
  private boolean beginBetweenEqualLooks() throws SQLException, IOException {
    Optional<WalIndexHeader> before = readIndex();
    reader.beginRead();
    pinnedAt = options.clock().instant();
    byte[] backfill = new byte[Integer.BYTES];
    openIndex().read(WalIndexHeader.BACKFILL_OFFSET, backfill, 0, backfill.length);
    Optional<WalIndexHeader> after = readIndex();
    if (before.isEmpty() || !before.equals(after)) {
      return false;
    }
    pinned = new PinnedLog(after.get(), WalIndexHeader.parseBackfill(backfill));
    return pinned.backfilled() <= after.get().lastFrame();
  }

  private Optional<WalIndexHeader> readIndex() throws IOException {
    byte[] raw = new byte[WalIndexHeader.LENGTH_BYTES];
    for (int i = 0; i < READ_ATTEMPTS; i++) {
      openIndex().read(0, raw, 0, raw.length);
      Optional<WalIndexHeader> header = WalIndexHeader.parse(raw);
      if (header.isPresent()) {
        return header;
      }
      Thread.onSpinWait();
    }
    return Optional.empty();
  }

  private RawFile openIndex() {
    if (index == null) {
      throw new IllegalStateException("no wal-index in a rollback mode");
    }
    return index;
  }

  /// Takes the copy, made before or now, while the shared lock of the read transaction keeps
  /// committers out, and then lets go of the database.
  ///
  /// @throws MovedOnException if somebody wrote to the file all the same
  private SqliteImage copy(int pageSize, long pageCount)
      throws SQLException, IOException, MovedOnException {
    long length = Math.multiplyExact(pageCount, pageSize);
    boolean isEarly = early.isPresent() && early.get().isCurrent(handle);
    RawFile stage = isEarly ? early.get().stage() : newStage(length);
    long copied =
        isEarly ? early.get().before().sizeBytes() : Staging.copy(handle.file(), stage, length);
    if (!isEarly && (fixed == null || !FileLook.isUnchanged(fixed, handle.file().stat()))) {
      throw new MovedOnException("was written by somebody who does not respect its locks");
    }
    reader.rollback();
    lockHeld = sinceLocked();
    SqliteImage.Pages pages = SqliteImage.Pages.withoutLog(stage, pageSize, pageCount);
    DamageCheck.isLongEnough(handle, pages, copied);
    handle.releaseAllBut(stage);
    Posix.ftruncate(stage.fd(), length);
    SqliteImage.Way way =
        isEarly ? SqliteImage.Way.COPY_BEFORE_LOCK : SqliteImage.Way.COPY_UNDER_LOCK;
    return new SqliteImage(handle, pages, new SqliteImage.Taken(way, pinnedAt, lockHeld));
  }

  /// A stage for another copy; one made too early gives its room first.
  private RawFile newStage(long length) {
    early.ifPresent(copy -> copy.stage().close());
    RawFile stage = Staging.beside(handle.realPath(), options).create(handle.path(), length);
    handle.keep(stage);
    return stage;
  }

  private Duration sinceLocked() {
    return Duration.ofNanos(Math.max(1, System.nanoTime() - lockedNanos));
  }

  private static boolean isInLogMode(SqliteSession session) throws SQLException {
    return session.text("PRAGMA journal_mode").equals(LOG_MODE);
  }

  /// How SQLite is to open the database so that it leaves behind what it found; empty if it cannot.
  /// Who may not write the database would make a log and an index beside it that nobody else may
  /// write, and could not remove them.
  private static Optional<SqliteSession.Access> accessFor(DatabaseHandle handle)
      throws IOException {
    if (!handle.header().writeAheadLog()) {
      return Optional.of(SqliteSession.Access.WRITE);
    }
    String realPath = handle.realPath();
    if (FileLook.statIfPresent(Sidecars.wal(realPath)).isEmpty()) {
      return Optional.of(SqliteSession.Access.WRITE).filter(_ -> handle.isWritable());
    }
    return WalIndexAccess.isUsable(Sidecars.shm(realPath))
        ? Optional.of(SqliteSession.Access.READ)
        : Optional.empty();
  }

  private static boolean isForWantOfPermission(SQLException e) {
    SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(e.getErrorCode() & BASE_CODE);
    return code == SQLiteErrorCode.SQLITE_CANTOPEN || code == SQLiteErrorCode.SQLITE_READONLY;
  }
}
