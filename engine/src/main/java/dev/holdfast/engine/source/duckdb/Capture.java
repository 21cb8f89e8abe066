package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.duckdb.FileHead.MalformedException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Copies a database that others may be writing, as a power cut would leave it (design, section 4).
///
/// Blocks that a header refers to are not overwritten before the next checkpoint has written the
/// other header. So: read the headers, then the logs, then the blocks, looking at the headers again
/// after every few. If a checkpoint was completed meanwhile, what it newly refers to has to be
/// copied, with its logs; what both refer to stays. It ends when everything that the last header
/// refers to is copied and it is the last header still.
///
/// The logs are a state of their own: what was committed when they were read. Only what a bulk load
/// committed lies in blocks that no header refers to. If a log speaks of such, all blocks are
/// copied, and nothing that frees any may be committed meanwhile.
///
/// Free blocks are holes in the copy: nothing refers to them.
final class Capture {
  /// Copied between two looks at the headers: 16 blocks of the usual size.
  private static final int BATCH_BYTES = 4 * 1024 * 1024;

  /// Copied at a time: what is read, compared and written before it has left the processor's cache.
  private static final int PIECE_BYTES = DatabaseHeader.LARGEST_BLOCK_BYTES;

  /// How often a block is read again that may be being written.
  private static final int BLOCK_LOOKS = 3;

  /// Wrong blocks that are named.
  private static final int WRONG_SHOWN = 10;

  private final CopyJob job;
  private final DataFile live;
  private final DataFile copy;
  private final Bound bound;
  private final Pace pace;
  private final byte[] buffer = new byte[PIECE_BYTES];
  private final BitSet written = new BitSet();
  private final BitSet wrong = new BitSet();

  /// Is called after each batch, before the headers are looked at: what makes a disk slow in tests.
  interface Pace {
    void afterBatch();
  }

  Capture(CopyJob job, Pace pace) {
    this.job = job;
    this.live = job.live();
    this.copy = job.copy();
    this.bound = job.bound();
    this.pace = pace;
  }

  /// What was copied.
  ///
  /// @param head as it is in the copy
  /// @param header the one of it that counts
  /// @param instant of the state: when the logs were read
  /// @param logs committed since, to be closed with the copy
  /// @param lengthBytes of the copy
  /// @param freeBlocks how many blocks are holes
  /// @param wrongBlocks blocks in use whose checksum is wrong: damaged, unless nobody needs them
  record Captured(
      FileHead head,
      DatabaseHeader header,
      Instant instant,
      CapturedLogs logs,
      long lengthBytes,
      int freeBlocks,
      List<Integer> wrongBlocks) {}

  /// What is to be copied at one moment.
  private record State(
      FileHead head,
      DatabaseHeader header,
      Instant instant,
      BlockMap map,
      CapturedLogs logs,
      long fileBytes) {
    BitSet needed() {
      BitSet needed = (BitSet) map.used().clone();
      if (logs.haveBlocks()) {
        needed.set(0, Math.toIntExact(header.blocksIn(fileBytes)));
      }
      return needed;
    }
  }

  /// Copies until it stands still.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is damaged
  /// @throws dev.holdfast.repository.error.HoldfastException.Rejected if that takes longer than the
  ///   bound
  Captured run() throws IOException {
    job.expectWholeCopy();
    State state = look();
    boolean complete = false;
    try {
      BitSet open = state.needed();
      while (!copyAll(open, state) || !isCurrent(state)) {
        bound.round(open.isEmpty());
        State next = look();
        open = stillOpen(open, state, next);
        state.logs().close();
        state = next;
      }
      job.refuseReplaced();
      Captured captured = finish(state);
      complete = true;
      return captured;
    } finally {
      state.logs().releaseLive();
      if (!complete) {
        state.logs().close();
      }
    }
  }

  /// The headers, and what belongs to them.
  private State look() throws IOException {
    Stillness stillness = new Stillness();
    while (true) {
      byte[] bytes = new byte[FileHead.BYTES];
      int length = live.readUpTo(0, bytes, 0, bytes.length);
      try {
        Optional<State> state = lookWith(FileHead.parse(bytes, length));
        if (state.isPresent()) {
          return state.get();
        }
      } catch (MalformedException e) {
        if (stillness.isReachedWith(bytes)) {
          throw Failures.damaged(job.place(), "it " + e.getMessage());
        }
      }
      bound.pause();
    }
  }

  /// What belongs to the headers, if they have not changed meanwhile.
  private Optional<State> lookWith(FileHead head) throws IOException, MalformedException {
    DatabaseHeader header = head.active().orElseThrow();
    Instant instant = job.clock().instant();
    CapturedLogs logs = job.takeLogs();
    boolean current = false;
    try {
      BlockMap map = BlockMap.read(live, header);
      long fileBytes = live.stat().sizeBytes();
      current = isCurrent(head);
      if (!current) {
        return Optional.empty();
      }
      if (fileBytes < header.positionOf(map.used().length())) {
        current = false;
        throw new MalformedException(
            "was cut off after %d of its %d blocks"
                .formatted(header.blocksIn(fileBytes), map.used().length()));
      }
      return Optional.of(new State(head, header, instant, map, logs, fileBytes));
    } finally {
      if (!current) {
        logs.close();
      }
    }
  }

  /// What is not, or no longer, copied as the next state has it.
  private static BitSet stillOpen(BitSet open, State state, State next) {
    BitSet result = next.needed();
    long checkpoints = next.header().iteration() - state.header().iteration();
    boolean isKnown = state.map().isComplete() && next.map().isComplete();
    if (checkpoints == 0 || (checkpoints == 1 && isKnown)) {
      // What both refer to was not written; of the rest nothing is known.
      BitSet settled = (BitSet) state.map().used().clone();
      settled.and(next.map().used());
      settled.andNot(open);
      if (checkpoints != 0) {
        settled.andNot(next.map().metadata());
      }
      result.andNot(settled);
    }
    return result;
  }

  /// Copies what is open, as long as the state is current.
  ///
  /// @return whether everything was copied
  private boolean copyAll(BitSet open, State state) throws IOException {
    int batch = BATCH_BYTES / state.header().blockBytes();
    int start = open.nextSetBit(0);
    while (start >= 0) {
      int end = Math.min(open.nextClearBit(start), start + batch);
      copyBlocks(state, start, end);
      open.clear(start, end);
      start = open.nextSetBit(end);
      bound.checkNotCancelled();
      pace.afterBatch();
      if (start >= 0 && !isCurrent(state.head())) {
        return false;
      }
    }
    return true;
  }

  private void copyBlocks(State state, int start, int end) throws IOException {
    int most = PIECE_BYTES / state.header().blockBytes();
    for (int from = start; from < end; from += most) {
      copyPiece(state, from, Math.min(end, from + most));
    }
  }

  private void copyPiece(State state, int start, int end) throws IOException {
    DatabaseHeader header = state.header();
    int size = header.blockBytes();
    read(header.positionOf(start), 0, (end - start) * size);
    for (int block = start; block < end; block++) {
      int offset = (block - start) * size;
      boolean matches = BlockChecksum.matches(buffer, offset, size);
      if (state.map().used().get(block)) {
        for (int look = 0; !matches && look < BLOCK_LOOKS; look++) {
          bound.pause();
          read(header.positionOf(block), offset, size);
          matches = BlockChecksum.matches(buffer, offset, size);
        }
      }
      wrong.set(block, !matches);
    }
    copy.write(header.positionOf(start), buffer, 0, (end - start) * size);
    written.set(start, end);
  }

  /// Reads into the buffer, zeros behind the end of the file.
  private void read(long position, int offset, int length) throws IOException {
    int got = live.readUpTo(position, buffer, offset, length);
    Arrays.fill(buffer, offset + got, offset + length, (byte) 0);
  }

  private boolean isCurrent(State state) throws IOException {
    return (!state.logs().haveBlocks() || state.logs().keepTheirBlocks())
        && isCurrent(state.head());
  }

  private boolean isCurrent(FileHead head) throws IOException {
    byte[] bytes = new byte[FileHead.BYTES];
    int length = live.readUpTo(0, bytes, 0, bytes.length);
    return length == bytes.length && Arrays.equals(bytes, head.bytes());
  }

  private Captured finish(State state) throws IOException {
    BitSet needed = state.needed();
    written.andNot(needed);
    for (int block = written.nextSetBit(0); block >= 0; block = written.nextSetBit(block + 1)) {
      Arrays.fill(buffer, 0, state.header().blockBytes(), (byte) 0);
      copy.write(state.header().positionOf(block), buffer, 0, state.header().blockBytes());
    }
    copy.write(0, state.head().bytes(), 0, FileHead.BYTES);
    long lengthBytes = state.header().positionOf(needed.length());
    copy.setLength(lengthBytes);
    wrong.and(state.map().used());
    return new Captured(
        state.head(),
        state.header(),
        state.instant(),
        state.logs(),
        lengthBytes,
        needed.length() - needed.cardinality(),
        wrong.stream().limit(WRONG_SHOWN).boxed().toList());
  }
}
