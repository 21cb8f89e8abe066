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
}
