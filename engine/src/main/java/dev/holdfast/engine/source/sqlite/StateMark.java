package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.FileStat;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/// What tells that a database did not change: what its file and its log are to the system, the
/// counters in its header, and the salts of its log.
///
/// The counters alone would not do. In WAL mode they stand still through commits; and a database
/// that was set back by copying an older file over it comes to the same counter again, with other
/// rows. So the times of the files count as well, and a file that was written so lately that a
/// second write could carry the same time has no mark.
final class StateMark {
  private static final int VERSION = 1;

  /// From the change counter of the header to the number of free pages, and from the change counter
  /// that the size is valid for to the end.
  private static final int COUNTERS_FROM = 24;

  private static final int COUNTERS_TO = 44;
  private static final int VALID_FOR_AT = 92;

  private final String realPath;
  private final Instant now;

  private StateMark(String realPath, Instant now) {
    this.realPath = realPath;
    this.now = now;
  }

  /// The mark of the database at `path`, which this process must not have open.
  ///
  /// @return empty if the database changes just now, needs a rollback, or cannot be looked at
  static Optional<String> of(String path, InstantSource clock) {
    try (RawFile named = RawFile.name(path)) {
      Optional<OpenDatabases.Claim> claim =
          OpenDatabases.claim(OpenDatabases.FileKey.of(named.stat()), Duration.ZERO);
      if (claim.isEmpty()) {
        return Optional.empty();
      }
      try (OpenDatabases.Claim _ = claim.get();
          RawFile file = named.reopen()) {
        return new StateMark(named.realPath(), clock.instant()).of(file);
      }
    } catch (IOException | SqliteHeader.MalformedHeaderException e) {
      return Optional.empty(); // whoever opens the database will say what is wrong with it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<String> of(RawFile file)
      throws IOException, SqliteHeader.MalformedHeaderException {
    FileStat stat = file.stat();
    byte[] head = new byte[SqliteHeader.LENGTH_BYTES];
    SqliteHeader.parse(head, file.readUpTo(0, head, 0, head.length));
    Optional<String> log = log();
    if (!stat.hasSettled(now) || log.isEmpty() || Sidecars.needRollback(realPath)) {
      return Optional.empty();
    }
    HexFormat hex = HexFormat.of();
    return Optional.of(
        "sqlite:%d file:%s header:%s-%s log:%s"
            .formatted(
                VERSION,
                identity(stat),
                hex.formatHex(head, COUNTERS_FROM, COUNTERS_TO),
                hex.formatHex(head, VALID_FOR_AT, SqliteHeader.LENGTH_BYTES),
                log.get()));
  }

  /// What the log is; empty if it changes just now.
  private Optional<String> log() throws IOException {
    Optional<RawFile> wal = RawFile.openIfPresent(Sidecars.wal(realPath));
    if (wal.isEmpty()) {
      return Optional.of("none");
    }
    try (RawFile file = wal.get()) {
      FileStat stat = file.stat();
      if (stat.sizeBytes() == 0) {
        return Optional.of("none");
      }
      byte[] head = new byte[WalFormat.HEADER_BYTES];
      int length = file.readUpTo(0, head, 0, head.length);
      return stat.hasSettled(now)
          ? Optional.of(identity(stat) + "-" + HexFormat.of().formatHex(head, 0, length))
          : Optional.empty();
    }
  }

  private static String identity(FileStat stat) {
    return "%d,%d,%d.%09d,%d.%09d"
        .formatted(
            stat.inode(),
            stat.sizeBytes(),
            stat.mtimeSeconds(),
            stat.mtimeNanos(),
            stat.ctimeSeconds(),
            stat.ctimeNanos());
  }
}
