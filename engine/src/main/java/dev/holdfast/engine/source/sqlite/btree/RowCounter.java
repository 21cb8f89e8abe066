package dev.holdfast.engine.source.sqlite.btree;

import java.io.IOException;
import java.util.BitSet;

/// Counts the rows of tables: the cells of their leaves, and of all nodes where the table has no
/// row id. Only interior pages are read, a few of a thousand; the cells of leaves come from the
/// census. Not thread-safe.
public final class RowCounter {
  /// The deepest tree that SQLite itself would read (`BTCURSOR_MAX_DEPTH`).
  private static final int DEPTH_MAX = 20;

  /// Most pages that are remembered, in 16 MB: enough for 512 GiB in pages of 4 KiB. Those beyond
  /// are not seen to belong to two nodes.
  private static final int REMEMBERED_MAX = 128 * 1024 * 1024;

  private final PageReader pages;
  private final PageCensus census;
  private final byte[] header = new byte[Node.HEADER_BYTES];
  private final BitSet counted = new BitSet();
  private long visited;

  public RowCounter(PageReader pages, PageCensus census) {
    this.pages = pages;
    this.census = census;
  }

  /// The rows of the table whose tree begins at page `root`.
  ///
  /// @throws MalformedPageException if the tree is none, down to the last leaf, or has a page that
  ///   was counted already
  public long rows(long root) throws IOException, MalformedPageException {
    visited = 0;
    Node node = node(root, "the schema");
    return rows(node, node.kind().isTable(), 0);
  }

  private Node node(long page, String referrer) throws IOException, MalformedPageException {
    countOnce(page, referrer);
    byte[] raw = new byte[pages.pageSizeBytes()];
    pages.read(page, raw, referrer);
    return Node.of(page, raw, pages.usableBytes());
  }

  private void countOnce(long page, String referrer) throws MalformedPageException {
    if (page < 0 || page >= REMEMBERED_MAX) {
      return;
    }
    if (counted.get((int) page)) {
      throw new MalformedPageException(
          "page %d, which %s refers to, is part of a tree already".formatted(page, referrer));
    }
    counted.set((int) page);
  }

  private long rows(Node node, boolean table, int depth)
      throws IOException, MalformedPageException {
    if (depth >= DEPTH_MAX || ++visited > pages.pageCount()) {
      throw new MalformedPageException("page " + node.page() + " is part of a tree without an end");
    }
    if (node.kind().isTable() != table) {
      throw new MalformedPageException(
          "page %d is not of the kind of the others of its tree".formatted(node.page()));
    }
    if (node.kind().isLeaf()) {
      return node.cells();
    }
    String here = "page " + node.page();
    long rows = table ? 0 : node.cells();
    // All leaves of a tree are equally deep, so one child tells what the others are.
    boolean aboveLeaves = isLeaf(node.child(0), table, here);
    for (int i = 0; i < node.children(); i++) {
      long child = node.child(i);
      rows +=
          aboveLeaves ? cellsOfLeaf(child, table, here) : rows(node(child, here), table, depth + 1);
    }
    return rows;
  }

  private boolean isLeaf(long page, boolean table, String referrer)
      throws IOException, MalformedPageException {
    if (census.cellsOf(page, table) >= 0) {
      return true;
    }
    pages.readHeader(page, header, referrer);
    return Node.Kind.of(header[0], page).isLeaf();
  }

  private long cellsOfLeaf(long page, boolean table, String referrer)
      throws IOException, MalformedPageException {
    countOnce(page, referrer);
    int noted = census.cellsOf(page, table);
    if (noted >= 0) {
      return noted;
    }
    pages.readHeader(page, header, referrer);
    int cells = Node.cellsOfLeaf(header, 0, table, pages.pageSizeBytes());
    if (cells < 0) {
      throw new MalformedPageException(
          "page %d is no leaf, as the others below %s are".formatted(page, referrer));
    }
    return cells;
  }
}
