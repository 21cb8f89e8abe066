package dev.holdfast.engine.source.sqlite.btree;

/// How many cells each page of an image holds, noted as the pages pass by on their way into the
/// repository: so the rows of a table can be counted without reading the database twice. Two bytes
/// for each page.
///
/// Noting is safe from several threads; asking must come after all of it.
public final class PageCensus {
  /// Most pages that are noted: 32 MB, enough for 64 GiB in pages of 4 KiB. Of the pages beyond
  /// nothing is known, and each has to be asked itself.
  static final int PAGES_MAX = 16 * 1024 * 1024;

  private static final int CELLS_END = 5;

  private final int pageSizeBytes;
  private final short[] cells;

  public PageCensus(int pageSizeBytes, long pageCount) {
    this.pageSizeBytes = pageSizeBytes;
    this.cells = new short[Math.toIntExact(Math.min(pageCount, PAGES_MAX))];
  }

  /// Notes the pages whose start is among `length` bytes at `position` of the image, which are in
  /// `source` from `offset`.
  public void note(long position, byte[] source, int offset, int length) {
    long page = Math.ceilDiv(position, (long) pageSizeBytes);
    while (page < cells.length) {
      long at = page * pageSizeBytes - position;
      if (at + CELLS_END > length) {
        return;
      }
      cells[(int) page] = (short) Node.u16(source, offset + (int) at + CELLS_END - Short.BYTES);
      page++;
    }
  }

  /// How many cells a page has if it is a node; 0 if that was not noted, or it has none. Never
  /// noted for page 1, whose node begins elsewhere.
  int cellsOf(long page) {
    return page <= 1 || page > cells.length ? 0 : Short.toUnsignedInt(cells[(int) page - 1]);
  }
}
