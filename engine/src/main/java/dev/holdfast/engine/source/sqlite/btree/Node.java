package dev.holdfast.engine.source.sqlite.btree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/// One page as a node of a b-tree (SQLite's file format, section 1.6): where its cells are.
final class Node {
  /// The longer of the two kinds of node headers; a page is never shorter than that.
  static final int HEADER_BYTES = 12;

  /// The header of the file, which the node on page 1 stands behind.
  static final int FILE_HEADER_BYTES = 100;

  static final int LEAF_HEADER_BYTES = 8;

  private static final int CELLS_AT = 3;
  private static final int CONTENT_AT = 5;
  private static final int RIGHT_CHILD_AT = 8;
  private static final int POINTER_BYTES = 2;

  /// The shortest cell that SQLite makes (`MX_CELL` in its sources).
  private static final int CELL_BYTES_MIN = 4;

  /// The start of the content that the header writes as 0.
  private static final int CONTENT_AT_END = 65536;

  private static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final long page;
  private final byte[] raw;
  private final int start;
  private final Kind kind;
  private final int cells;

  private Node(long page, byte[] raw, int start, Kind kind, int cells) {
    this.page = page;
    this.raw = raw;
    this.start = start;
    this.kind = kind;
    this.cells = cells;
  }

  /// What a node is, by its first byte.
  enum Kind {
    INTERIOR_INDEX(2),
    INTERIOR_TABLE(5),
    LEAF_INDEX(10),
    LEAF_TABLE(13);

    private static final List<Kind> KINDS = List.of(values());

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    boolean isLeaf() {
      return this == LEAF_INDEX || this == LEAF_TABLE;
    }

    /// Whether it is of a table with row ids.
    boolean isTable() {
      return this == INTERIOR_TABLE || this == LEAF_TABLE;
    }

    static Kind of(byte first, long page) throws MalformedPageException {
      for (Kind kind : KINDS) {
        if (kind.code == first) {
          return kind;
        }
      }
      throw new MalformedPageException(
          "page %d is no node of a tree: it begins with %d".formatted(page, first & 0xff));
    }
  }

  /// The node on `page`, all of which is `raw`; the array stays in use.
  static Node of(long page, byte[] raw, int usableBytes) throws MalformedPageException {
    int start = page == 1 ? FILE_HEADER_BYTES : 0;
    Kind kind = Kind.of(raw[start], page);
    int cells = u16(raw, start + CELLS_AT);
    Node node = new Node(page, raw, start, kind, cells);
    if (node.pointersAt() + cells * POINTER_BYTES > usableBytes) {
      throw new MalformedPageException("page %d has %d cells".formatted(page, cells));
    }
    return node;
  }

  /// How many cells a leaf has, by its header at `at`: no more than have room on a page, and than
  /// it has pointers to. Never for page 1.
  ///
  /// @param table whether a leaf of a table with row ids is wanted, or one of an index
  /// @return -1 if it is no such leaf
  static int cellsOfLeaf(byte[] raw, int at, boolean table, int pageSizeBytes) {
    if (raw[at] != (table ? Kind.LEAF_TABLE : Kind.LEAF_INDEX).code) {
      return -1;
    }
    int cells = u16(raw, at + CELLS_AT);
    int content = u16(raw, at + CONTENT_AT);
    int room = (content == 0 ? CONTENT_AT_END : content) - LEAF_HEADER_BYTES;
    boolean fits =
        cells * (POINTER_BYTES + CELL_BYTES_MIN) <= pageSizeBytes - LEAF_HEADER_BYTES
            && cells * POINTER_BYTES <= room;
    return fits ? cells : -1;
  }

  long page() {
    return page;
  }

  byte[] raw() {
    return raw;
  }

  Kind kind() {
    return kind;
  }

  /// How many cells it has.
  int cells() {
    return cells;
  }

  /// Where a cell begins on the page.
  int cellAt(int index) throws MalformedPageException {
    int at = u16(raw, pointersAt() + index * POINTER_BYTES);
    if (at < pointersAt() + cells * POINTER_BYTES || at > raw.length - Integer.BYTES) {
      throw new MalformedPageException(
          "cell %d of page %d begins at %d".formatted(index, page, at));
    }
    return at;
  }

  /// How many pages an interior node leads to.
  int children() {
    return cells + 1;
  }

  /// A page that an interior node leads to; the last one stands in its header.
  long child(int index) throws MalformedPageException {
    int at = index == cells ? start + RIGHT_CHILD_AT : cellAt(index);
    return u32(raw, at);
  }

  private int pointersAt() {
    return start + (kind.isLeaf() ? LEAF_HEADER_BYTES : HEADER_BYTES);
  }

  static int u16(byte[] raw, int at) {
    return Short.toUnsignedInt((short) U16.get(raw, at));
  }

  static long u32(byte[] raw, int at) {
    return Integer.toUnsignedLong((int) U32.get(raw, at));
  }
}
