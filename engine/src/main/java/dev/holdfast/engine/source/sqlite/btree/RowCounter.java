package dev.holdfast.engine.source.sqlite.btree;

import java.io.IOException;

/// Counts the rows of tables: the cells of their leaves, and of all nodes where the table has no
/// row id. Only interior pages are read, a few of a thousand; the cells of leaves come from the
/// census. Not thread-safe.
public final class RowCounter {
  /// The deepest tree that SQLite itself would read (`BTCURSOR_MAX_DEPTH`).
  private static final int DEPTH_MAX = 20;

  private final PageReader pages;
  private final PageCensus census;
  private final byte[] header = new byte[Node.HEADER_BYTES];
  private long visited;

  public RowCounter(PageReader pages, PageCensus census) {
    this.pages = pages;
    this.census = census;
  }

  /// The rows of the table whose tree begins at page `root`.
  ///
  /// @throws MalformedPageException if the tree is none
  public long rows(long root) throws IOException, MalformedPageException {
    visited = 0;
    return rows(root, 0, "the schema");
  }

  private long rows(long page, int depth, String referrer)
      throws IOException, MalformedPageException {
    if (depth >= DEPTH_MAX || ++visited > pages.pageCount()) {
      throw new MalformedPageException("page " + page + " is part of a tree without an end");
    }
    byte[] raw = new byte[pages.pageSizeBytes()];
    pages.read(page, raw, referrer);
    Node node = Node.of(page, raw, pages.usableBytes());
    if (node.kind().isLeaf()) {
      return node.cells();
    }
    String here = "page " + page;
    long rows = node.kind() == Node.Kind.INTERIOR_INDEX ? node.cells() : 0;
    // All leaves of a tree are equally deep, so one child tells what the others are.
    long first = node.child(0);
    pages.readHeader(first, header, here);
    if (!Node.Kind.of(header[0], first).isLeaf()) {
      for (int i = 0; i < node.children(); i++) {
        rows += rows(node.child(i), depth + 1, here);
      }
      return rows;
    }
    for (int i = 0; i < node.children(); i++) {
      rows += cellsOfLeaf(node.child(i), here);
    }
    return rows;
  }

  private long cellsOfLeaf(long page, String referrer) throws IOException, MalformedPageException {
    int noted = census.cellsOf(page);
    if (noted != 0) {
      return noted;
    }
    pages.readHeader(page, header, referrer);
    return Node.cellsOf(header);
  }
}
