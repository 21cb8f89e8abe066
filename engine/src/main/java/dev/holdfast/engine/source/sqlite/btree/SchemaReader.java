package dev.holdfast.engine.source.sqlite.btree;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/// Reads the schema from the tree that begins on page 1. Not thread-safe.
public final class SchemaReader {
  /// What is looked at; a larger schema is left alone, so that memory stays bounded.
  private static final int ENTRIES_MAX = 100_000;

  private static final int ENTRY_BYTES_MAX = 4 * 1024 * 1024;
  private static final long ALL_BYTES_MAX = 32L * 1024 * 1024;
  private static final int DEPTH_MAX = 20;

  private final PageReader pages;
  private final Charset encoding;
  private final byte[] overflow;
  private final List<SchemaEntry> entries = new ArrayList<>();
  private long allBytes;
  private long visited;

  /// @param encoding of text in this database
  public SchemaReader(PageReader pages, Charset encoding) {
    this.pages = pages;
    this.encoding = encoding;
    this.overflow = new byte[pages.pageSizeBytes()];
  }

  /// All entries, in the order in which they were made.
  public List<SchemaEntry> read() throws IOException, MalformedPageException {
    entries.clear();
    allBytes = 0;
    visited = 0;
    read(1, 0, "the header");
    return List.copyOf(entries);
  }

  private void read(long page, int depth, String referrer)
      throws IOException, MalformedPageException {
    visit(page, depth);
    byte[] raw = new byte[pages.pageSizeBytes()];
    pages.read(page, raw, referrer);
    Node node = Node.of(page, raw, pages.usableBytes());
    switch (node.kind()) {
      case LEAF_TABLE -> {
        for (int i = 0; i < node.cells(); i++) {
          add(node, node.cellAt(i));
        }
      }
      case INTERIOR_TABLE -> {
        for (int i = 0; i < node.children(); i++) {
          read(node.child(i), depth + 1, "page " + page);
        }
      }
      case LEAF_INDEX, INTERIOR_INDEX ->
          throw new MalformedPageException("page " + page + " of the schema is part of an index");
    }
  }

  private void visit(long page, int depth) throws MalformedPageException {
    if (depth >= DEPTH_MAX || ++visited > pages.pageCount()) {
      throw new MalformedPageException("page " + page + " is part of a tree without an end");
    }
  }

  private void add(Node node, int at) throws IOException, MalformedPageException {
    Varints cell = new Varints(node.raw(), at, node.page());
    long lengthBytes = cell.next();
    cell.next(); // the row id
    allBytes += lengthBytes;
    if (lengthBytes < 0
        || lengthBytes > ENTRY_BYTES_MAX
        || allBytes > ALL_BYTES_MAX
        || entries.size() == ENTRIES_MAX) {
      throw new MalformedPageException(
          "the schema is larger than what is looked at, on page " + node.page());
    }
    entries.add(
        SchemaRow.parse(payload(node, cell.position(), (int) lengthBytes), node.page(), encoding));
  }

  /// The bytes of a cell, those on overflow pages included (section 1.6, "B-tree Cell Format").
  private byte[] payload(Node node, int at, int lengthBytes)
      throws IOException, MalformedPageException {
    int local = localBytes(lengthBytes);
    int rest = lengthBytes - local;
    if (at + local + (rest > 0 ? Integer.BYTES : 0) > node.raw().length) {
      throw new MalformedPageException("a cell of page " + node.page() + " ends behind it");
    }
    byte[] payload = new byte[lengthBytes];
    System.arraycopy(node.raw(), at, payload, 0, local);
    if (rest > 0) {
      follow(Node.u32(node.raw(), at + local), payload, local, node.page());
    }
    return payload;
  }

  private int localBytes(int lengthBytes) {
    int usable = pages.usableBytes();
    int most = usable - 35;
    if (lengthBytes <= most) {
      return lengthBytes;
    }
    int least = (usable - 12) * 32 / 255 - 23;
    int wanted = least + (lengthBytes - least) % (usable - Integer.BYTES);
    return wanted <= most ? wanted : least;
  }

  private void follow(long first, byte[] payload, int from, long referrer)
      throws IOException, MalformedPageException {
    long page = first;
    int done = from;
    while (done < payload.length) {
      pages.read(page, overflow, "page " + referrer);
      int part = Math.min(payload.length - done, pages.usableBytes() - Integer.BYTES);
      System.arraycopy(overflow, Integer.BYTES, payload, done, part);
      done += part;
      page = Node.u32(overflow, 0);
    }
  }
}
