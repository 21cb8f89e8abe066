package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Follows a dump in custom format as it passes by: its structure must be whole to the very end,
/// every entry with data must come exactly once, and the rows of each table are counted on the way.
/// A dump that was cut off anywhere is not [#isComplete]. One thread at a time.
///
/// Behind the head, data come in blocks: a type, the entry's number, then pieces, each a length and
/// so many bytes, up to a length of zero. A block of large objects has an object's number before
/// the pieces of each, up to a number of zero.
final class ArchiveCheck {
  private static final int ROWS_BLOCK = 1;
  private static final int OBJECTS_BLOCK = 3;

  private enum State {
    HEAD,
    /// A block begins here, or the dump ends.
    BLOCK_TYPE,
    BLOCK_ENTRY,
    OBJECT,
    PIECE_LENGTH,
    PIECE
  }

  private final ArchiveBytes headBytes = new ArchiveBytes();
  private final ArchiveHead head;
  private final byte[] number = new byte[ArchiveBytes.NUMBER_BYTES];
  private final Map<Integer, Long> rows = new HashMap<>();
  private final RowCount count = new RowCount();
  private State state = State.HEAD;
  private int numberBytes;
  private int pieceLeft;
  private boolean objects;
  private long objectCount;

  /// Bytes that came before those that are looked at.
  private long gone;

  private long blockAt;
  private final Map<Integer, Long> blocks = new HashMap<>();
  private ArchiveHead.@Nullable Entry entry;

  ArchiveCheck() {
    this(false);
  }

  /// @param compressedToo whether data may be compressed: they are followed, and not counted
  ArchiveCheck(boolean compressedToo) {
    head = new ArchiveHead(headBytes, compressedToo);
  }

  /// Takes the next bytes.
  ///
  /// @throws HoldfastException.Corrupt if the dump cannot go on like this
  void accept(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int end = offset + length;
    int at = state == State.HEAD ? readHead(bytes, offset, length) : offset;
    while (at < end) {
      if (state == State.PIECE) {
        int part = Math.min(pieceLeft, end - at);
        count.add(bytes, at, part);
        at += part;
        pieceLeft -= part;
        if (pieceLeft == 0) {
          state = State.PIECE_LENGTH;
        }
      } else if (state == State.BLOCK_TYPE) {
        blockAt = gone + (at - offset);
        beginBlock(bytes[at++]);
      } else if (numberBytes == 0 && end - at >= ArchiveBytes.NUMBER_BYTES) {
        take(ArchiveBytes.number(bytes, at, "a length"));
        at += ArchiveBytes.NUMBER_BYTES;
      } else {
        number[numberBytes++] = bytes[at++];
        if (numberBytes == ArchiveBytes.NUMBER_BYTES) {
          numberBytes = 0;
          take(ArchiveBytes.number(number, 0, "a length"));
        }
      }
    }
    gone += length;
  }

  /// Whether the dump may end here.
  boolean isComplete() {
    return state == State.BLOCK_TYPE && rows.size() == head.withData().size();
  }

  /// What is missing from a dump that is not complete, for a message.
  String missing() {
    if (state == State.HEAD) {
      return "it ends within its table of contents";
    }
    if (entry != null) {
      return "it ends within the data of " + nameOf(entry);
    }
    return "the data of %d of %d tables are missing"
        .formatted(head.withData().size() - rows.size(), head.withData().size());
  }

  /// The tables with their rows, in the order of their names.
  List<TableRows> tables() {
    List<TableRows> tables = new ArrayList<>();
    for (ArchiveHead.Entry each : head.withData().values()) {
      if (each.copied()) {
        tables.add(new TableRows(nameOf(each), rows.getOrDefault(each.id(), 0L), true));
      }
    }
    tables.sort((a, b) -> a.name().compareTo(b.name()));
    return tables;
  }

  long largeObjects() {
    return objectCount;
  }

  /// Where in the archive the data of each entry begin, by where the archive should say so.
  Map<Long, Long> offsets() {
    Map<Long, Long> offsets = new HashMap<>();
    blocks.forEach(
        (id, at) -> offsets.put(Objects.requireNonNull(head.withData().get(id)).offsetAt(), at));
    return offsets;
  }

  ArchiveHead head() {
    return head;
  }

  /// Whether all of the head was read.
  boolean hasHead() {
    return state != State.HEAD;
  }

  String programVersion() {
    return head.programVersion();
  }

  private static String nameOf(ArchiveHead.Entry entry) {
    return entry.schema().isEmpty() ? entry.name() : entry.schema() + "." + entry.name();
  }

  /// Reads as much of the head as there is.
  ///
  /// @return where in `bytes` the data begin
  private int readHead(byte[] bytes, int offset, int length) {
    headBytes.add(bytes, offset, length);
    if (!head.advance()) {
      return offset + length;
    }
    state = State.BLOCK_TYPE;
    return offset + length - headBytes.remaining();
  }

  private void beginBlock(int type) {
    if (type != ROWS_BLOCK && type != OBJECTS_BLOCK) {
      throw ArchiveBytes.damaged("a block of type " + type);
    }
    objects = type == OBJECTS_BLOCK;
    state = State.BLOCK_ENTRY;
  }

  private void take(int value) {
    switch (state) {
      case BLOCK_ENTRY -> beginEntry(value);
      case OBJECT -> beginObject(value);
      case PIECE_LENGTH -> beginPiece(value);
      case HEAD, BLOCK_TYPE, PIECE -> throw new IllegalStateException(state.name());
    }
  }

  private void beginEntry(int id) {
    ArchiveHead.Entry announced = head.withData().get(id);
    if (announced == null || rows.containsKey(id)) {
      throw ArchiveBytes.damaged(
          "data of entry " + id + (announced == null ? " without an entry" : " for a second time"));
    }
    entry = announced;
    blocks.put(id, blockAt);
    count.begin(announced.copied() && !objects && !head.isCompressed());
    state = objects ? State.OBJECT : State.PIECE_LENGTH;
  }

  /// The number of a large object, which is unsigned, or the end of the block.
  private void beginObject(int oid) {
    if (oid == 0) {
      endEntry();
    } else {
      objectCount++;
      state = State.PIECE_LENGTH;
    }
  }

  private void beginPiece(int length) {
    if (length < 0) {
      throw ArchiveBytes.damaged("a piece of " + length + " bytes");
    }
    if (length > 0) {
      pieceLeft = length;
      state = State.PIECE;
    } else if (objects) {
      state = State.OBJECT;
    } else {
      endEntry();
    }
  }

  private void endEntry() {
    ArchiveHead.Entry ended = Objects.requireNonNull(entry);
    if (!count.isTerminated()) {
      throw ArchiveBytes.damaged("the rows of " + nameOf(ended) + " have no end");
    }
    rows.put(ended.id(), count.rows());
    entry = null;
    state = State.BLOCK_TYPE;
  }
}
