package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// All that is held of one database: the claim on it, descriptors, connections. They are released
/// in the one order that leaves SQLite's locks whole to the end: connections, then descriptors,
/// then the claim.
final class DatabaseHandle implements AutoCloseable {
  private final String path;
  private final String realPath;
  private final FileStat stat;
  private final SqliteHeader header;
  private final boolean writable;
  private final RawFile file;
  private final OpenDatabases.Claim claim;
  private final List<RawFile> files = new ArrayList<>();
  private final Deque<SqliteSession> sessions = new ArrayDeque<>();

  private DatabaseHandle(
      String path,
      String realPath,
      FileStat stat,
      SqliteHeader header,
      boolean writable,
      RawFile file,
      OpenDatabases.Claim claim) {
    this.path = path;
    this.realPath = realPath;
    this.stat = stat;
    this.header = header;
    this.writable = writable;
    this.file = file;
    this.claim = claim;
    files.add(file);
  }

  /// Claims and opens the database that `path` leads to, through symbolic links as SQLite follows
  /// them: its sidecars stand beside the real file.
  static DatabaseHandle open(String path, Duration patience) {
    try (RawFile named = RawFile.name(path)) {
      FileStat stat = named.stat();
      if (!stat.isRegular()) {
        throw new HoldfastException.Rejected(
            "database " + OsString.display(path) + " is not a regular file", "");
      }
      OpenDatabases.Claim claim =
          OpenDatabases.claim(OpenDatabases.FileKey.of(stat), patience)
              .orElseThrow(() -> alreadyOpen(path));
      try {
        return openClaimed(path, named, claim);
      } catch (IOException | RuntimeException e) {
        claim.close();
        throw e;
      }
    } catch (IOException e) {
      throw Failures.io(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled(
          "cancelled while waiting for another backup of " + OsString.display(path));
    }
  }

  private static DatabaseHandle openClaimed(String path, RawFile named, OpenDatabases.Claim claim)
      throws IOException {
    boolean writable = named.canBeWritten();
    RawFile file = named.reopen();
    try {
      byte[] head = new byte[SqliteHeader.LENGTH_BYTES];
      int length = file.readUpTo(0, head, 0, head.length);
      SqliteHeader header = SqliteHeader.parse(head, length);
      claim.announce(header);
      return new DatabaseHandle(path, named.realPath(), file.stat(), header, writable, file, claim);
    } catch (SqliteHeader.MalformedHeaderException e) {
      file.close();
      throw Failures.unreadable(path, "it " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static HoldfastException alreadyOpen(String path) {
    return new HoldfastException.Rejected(
        "database " + OsString.display(path) + " is being backed up already",
        "let that backup finish; one database is read once at a time");
  }

  SqliteSession connect(SqliteSession.Access access, Duration patience) throws SQLException {
    SqliteSession session = SqliteSession.open(realPath, access, patience);
    sessions.push(session);
    return session;
  }

  /// Closes a connection before the others.
  void disconnect(SqliteSession session) {
    sessions.remove(session);
    session.close();
  }

  /// Closes all connections, to go on without SQLite.
  void disconnectAll() {
    while (!sessions.isEmpty()) {
      sessions.pop().close();
    }
  }

  /// Opens a sidecar for as long as this is open.
  RawFile openSidecar(String sidecar) throws PosixException {
    RawFile opened = RawFile.open(sidecar);
    files.add(opened);
    return opened;
  }

  /// Keeps `owned` for as long as this is open.
  void keep(RawFile owned) {
    files.add(owned);
  }

  /// Whether the path still leads to the file that was opened first.
  boolean isInPlace() throws PosixException {
    try {
      return Posix.stat(realPath).isSameFile(stat);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /// The path as it was given.
  String path() {
    return path;
  }

  String realPath() {
    return realPath;
  }

  SqliteHeader header() {
    return header;
  }

  /// Whether this process may write the file.
  boolean isWritable() {
    return writable;
  }

  RawFile file() {
    return file;
  }

  /// Lets go of the database itself, but not of `kept`, which is then all that this holds.
  void releaseAllBut(RawFile kept) {
    files.remove(kept);
    close();
    files.add(kept);
  }

  @Override
  public void close() {
    disconnectAll();
    files.forEach(RawFile::close);
    files.clear();
    claim.close();
  }
}
