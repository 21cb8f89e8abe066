package dev.holdfast.engine.source;

/// How the bytes of a file are cut into blobs.
public sealed interface Cutting {
  /// Where the content says so, with the repository's polynomial: for everything whose bytes shift.
  record ByContent() implements Cutting {}

  /// Every `extentBytes` bytes from the start, the last piece shorter: for files of pages, which
  /// never shift.
  record Extents(int extentBytes) implements Cutting {
    public Extents {
      if (extentBytes <= 0) {
        throw new IllegalArgumentException("extent of " + extentBytes + " bytes");
      }
    }
  }
}
