package dev.holdfast.engine.source;

import java.io.IOException;

/// The bytes of one file of a source, fixed for as long as this is open: the seam between a source
/// and the backup. [#read] may be called from several threads at once; [#close] once, afterwards.
public interface Content extends AutoCloseable {
  /// Length of the whole content.
  long lengthBytes();

  /// How it is to be cut into blobs.
  Cutting cutting();

  /// What is promised of it.
  Claim claim();

  /// Fills `length` bytes of `target` from `offset` with the content at `position`.
  ///
  /// @throws java.io.EOFException if the content ends before that, which means that it shrank
  /// @throws IOException if it cannot be read
  void read(long position, byte[] target, int offset, int length) throws IOException;

  /// Releases what holds the content still. Failing to is not an error of the backup.
  @Override
  void close();
}
