package dev.holdfast.engine.source.sqlite;

import java.io.IOException;

/// What recovery would find in a log that nobody has open: the frames up to the last commit that is
/// whole (SQLite's file format, section 4.1).
///
/// @param frames the pages in the log
/// @param pageCount the size of the database after the last commit, or 0 if the log holds none
record LogReplay(FrameMap frames, long pageCount) {
  private static final int CHECKED_HEADER_BYTES = 24;
  private static final int CHECKED_FRAME_BYTES = 8;

  /// Reads the log from its start. Like SQLite, it takes an unreadable header for an empty log, and
  /// the first frame that does not fit for its end.
  static LogReplay read(RawFile log, int pageSizeBytes) throws IOException {
    byte[] header = new byte[WalFormat.HEADER_BYTES];
    int got = log.readUpTo(0, header, 0, header.length);
    int magic = WalFormat.u32(header, 0);
    if (got < header.length
        || (magic & ~1) != WalFormat.MAGIC
        || WalFormat.u32(header, 4) != WalFormat.VERSION
        || WalFormat.u32(header, 8) != pageSizeBytes) {
      return nothing();
    }
    WalFormat.Checksum checksum = new WalFormat.Checksum((magic & 1) == 1);
    checksum.add(header, 0, CHECKED_HEADER_BYTES);
    if (!checksum.is(WalFormat.u32(header, 24), WalFormat.u32(header, 28))) {
      return nothing();
    }
    return readFrames(log, pageSizeBytes, header, checksum);
  }

  private static LogReplay nothing() {
    return new LogReplay(new FrameMap(), 0);
  }

  private static LogReplay readFrames(
      RawFile log, int pageSizeBytes, byte[] header, WalFormat.Checksum checksum)
      throws IOException {
    LastCommit commit = findLastCommit(log, pageSizeBytes, header, checksum);
    FrameMap frames = new FrameMap();
    byte[] head = new byte[Integer.BYTES];
    for (long frame = 1; frame <= commit.frame(); frame++) {
      log.read(WalFormat.frameOffset(frame, pageSizeBytes), head, 0, head.length);
      int page = WalFormat.u32(head, 0);
      if (Integer.toUnsignedLong(page) <= commit.pageCount()) {
        frames.put(page, (int) frame);
      }
    }
    return new LogReplay(frames, commit.pageCount());
  }

  private record LastCommit(long frame, long pageCount) {}

  private static LastCommit findLastCommit(
      RawFile log, int pageSizeBytes, byte[] header, WalFormat.Checksum checksum)
      throws IOException {
    byte[] raw = new byte[WalFormat.FRAME_HEADER_BYTES + pageSizeBytes];
    LastCommit last = new LastCommit(0, 0);
    for (long frame = 1; ; frame++) {
      long at = WalFormat.frameOffset(frame, pageSizeBytes);
      if (log.readUpTo(at, raw, 0, raw.length) < raw.length
          || WalFormat.u32(raw, WalFormat.FRAME_PAGE_AT) == 0
          || WalFormat.u32(raw, WalFormat.FRAME_SALT1_AT) != WalFormat.u32(header, 16)
          || WalFormat.u32(raw, WalFormat.FRAME_SALT2_AT) != WalFormat.u32(header, 20)) {
        return last;
      }
      checksum.add(raw, 0, CHECKED_FRAME_BYTES);
      checksum.add(raw, WalFormat.FRAME_HEADER_BYTES, pageSizeBytes);
      if (!checksum.is(
          WalFormat.u32(raw, WalFormat.FRAME_CHECKSUM1_AT),
          WalFormat.u32(raw, WalFormat.FRAME_CHECKSUM2_AT))) {
        return last;
      }
      int pages = WalFormat.u32(raw, WalFormat.FRAME_COMMIT_AT);
      if (pages != 0) {
        last = new LastCommit(frame, Integer.toUnsignedLong(pages));
      }
    }
  }
}
