package dev.holdfast.engine.source.sqlite;

import java.io.IOException;

/// The part of a live log that a read transaction holds in place.
///
/// @param index the wal-index when the transaction began
/// @param backfilled frames up to this one are in the database file already, and no later ones can
///   get there while the transaction lasts
record PinnedLog(WalIndexHeader index, long backfilled) {
  /// How many frames are looked at in one read, at most: a few hundred KiB.
  private static final int CHUNK_BYTES = 512 * 1024;

  /// Which page is in which frame, for the frames that are not in the database file.
  ///
  /// @throws MovedOnException if a frame is not of this generation of the log
  FrameMap frames(RawFile log) throws IOException, MovedOnException {
    FrameMap frames = new FrameMap();
    int pageSize = index.pageSizeBytes();
    long stride = WalFormat.FRAME_HEADER_BYTES + (long) pageSize;
    int perChunk = Math.toIntExact(Math.max(1, CHUNK_BYTES / stride));
    byte[] chunk = new byte[Math.toIntExact(perChunk * stride)];
    for (long first = backfilled + 1; first <= index.lastFrame(); first += perChunk) {
      int count = (int) Math.min(perChunk, index.lastFrame() - first + 1);
      // The page of the last frame is of no interest here.
      int length = Math.toIntExact(count * stride) - pageSize;
      log.read(WalFormat.frameOffset(first, pageSize), chunk, 0, length);
      for (int i = 0; i < count; i++) {
        add(chunk, Math.toIntExact(i * stride), first + i, frames);
      }
    }
    return frames;
  }

  private void add(byte[] chunk, int at, long frame, FrameMap frames) throws MovedOnException {
    if (WalFormat.u32(chunk, at + WalFormat.FRAME_SALT1_AT) != index.salt1()
        || WalFormat.u32(chunk, at + WalFormat.FRAME_SALT2_AT) != index.salt2()) {
      throw stale(frame);
    }
    int page = WalFormat.u32(chunk, at + WalFormat.FRAME_PAGE_AT);
    if (page == 0) {
      throw stale(frame);
    }
    // A page beyond the end was cut off again by a later commit of the same log.
    if (Integer.toUnsignedLong(page) <= index.pageCount()) {
      frames.put(page, (int) frame);
    }
  }

  private static MovedOnException stale(long frame) {
    return new MovedOnException(
        "frame " + frame + " of its write-ahead log is not of the generation that was begun");
  }
}
