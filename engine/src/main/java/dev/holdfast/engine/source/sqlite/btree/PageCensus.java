package dev.holdfast.engine.source.sqlite.btree;

/// How many cells each leaf of an image holds, and of which kind of tree it is, noted as the pages
/// pass by on their way into the repository: so the rows of a table can be counted without reading
/// the database twice, and no page is taken for a leaf that is none. Two bytes for each page.
///
/// Noting is safe from several threads; asking must come after all of it.
public final class PageCensus {
  /// Most pages that are noted: 32 MB, enough for 64 GiB in pages of 4 KiB. Of the pages beyond
  /// nothing is known, and each has to be asked itself.
  static final int PAGES_MAX = 16 * 1024 * 1024;

  /// Of what is noted: that it is a leaf, and one of a table with row ids. The rest are its cells,
  /// of which no page has room for more than 10,921.
  private static final int LEAF = 0x8000;

  private static final int TABLE = 0x4000;
  private static final int CELLS = 0x3fff;

  private final int pageSizeBytes;
  private final short[] leaves;

  public PageCensus(int pageSizeBytes, long pageCount) {
    this.pageSizeBytes = pageSizeBytes;
    this.leaves = new short[Math.toIntExact(Math.min(pageCount, PAGES_MAX))];
  }

  /// Notes the pages whose start is among `length` bytes at `position` of the image, which are in
  /// `source` from `offset`.
  public void note(long position, byte[] source, int offset, int length) {
    long page = Math.ceilDiv(position, (long) pageSizeBytes);
    while (page < leaves.length) {
      long at = page * pageSizeBytes - position;
      if (at + Node.LEAF_HEADER_BYTES > length) {
        return;
      }
      leaves[(int) page] = leaf(source, offset + (int) at);
      page++;
    }
  }

  private short leaf(byte[] source, int at) {
    int cells = Node.cellsOfLeaf(source, at, true, pageSizeBytes);
    if (cells >= 0) {
      return (short) (LEAF | TABLE | cells);
    }
    cells = Node.cellsOfLeaf(source, at, false, pageSizeBytes);
    return cells >= 0 ? (short) (LEAF | cells) : 0;
  }

  /// How many cells a page has, which is a leaf of a table with row ids, or of an index; -1 if that
  /// was not noted. Never noted for page 1, whose node begins elsewhere.
  int cellsOf(long page, boolean table) {
    int noted = page <= 1 || page > leaves.length ? 0 : leaves[(int) page - 1];
    return (noted & LEAF) != 0 && (noted & TABLE) != 0 == table ? noted & CELLS : -1;
  }
}
