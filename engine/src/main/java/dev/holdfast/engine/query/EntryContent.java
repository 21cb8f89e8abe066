package dev.holdfast.engine.query;

import java.io.IOException;
import java.io.OutputStream;

/// Where the content of entries comes from: a snapshot, or something made of it.
@FunctionalInterface
public interface EntryContent {
  /// Writes all of a file's content to `target`, which stays open: as many bytes as the entry says.
  void writeTo(EntryView file, OutputStream target) throws IOException;
}
