package dev.holdfast.engine.source;

/// How the bytes of a file are cut into blobs.
public sealed interface Cutting {
  /// Where the content says so, with the repository's polynomial: for everything whose bytes shift.
  record ByContent() implements Cutting {}

  /// A head, and then every `extentBytes` bytes, the last piece shorter: for files of blocks, which
  /// never shift.
  ///
  /// @param headBytes length of what lies before the first block and is a piece of its own; may be
  ///   zero
  /// @param extentBytes length of each further piece
  record Extents(int headBytes, int extentBytes) implements Cutting {
    public Extents {
      if (headBytes < 0) {
        throw new IllegalArgumentException("head of " + headBytes + " bytes");
      }
      if (extentBytes <= 0) {
        throw new IllegalArgumentException("extent of " + extentBytes + " bytes");
      }
    }

    /// Extents from the start.
    public Extents(int extentBytes) {
      this(0, extentBytes);
    }
  }

  /// By whole pages, in extents whose lengths follow from how likely their pages are to change and
  /// from the extents that the parent snapshot has.
  ///
  /// @param pageBytes length of a page, a power of two; the content is a whole number of pages
  /// @param kinds tells likely pages from others
  record Pages(int pageBytes, PageKinds kinds) implements Cutting {
    public Pages {
      if (Integer.bitCount(pageBytes) != 1) {
        throw new IllegalArgumentException("page of " + pageBytes + " bytes");
      }
    }
  }

  /// Tells the pages of a file apart. Thread-safe.
  @FunctionalInterface
  interface PageKinds {
    /// Whether a page changes far more often than most, as far as can be seen of it.
    ///
    /// @param position of the page in the file
    /// @param bytes holds at least the first byte of the page, at `offset`
    boolean isBusy(long position, byte[] bytes, int offset);
  }
}
