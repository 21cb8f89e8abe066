package dev.holdfast.engine.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

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

  /// What the source knows about this state. Called at most once, when everything was read and
  /// before [#close]; it may read the content itself, and may take a while.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException if the content proves to be no whole
  ///   state of a database; nothing then refers to what was read
  default Optional<SourceFacts> facts() {
    return Optional.empty();
  }

  /// Files of the same state that are stored beside this one. Each may be read as soon and as long
  /// as this is open; they are closed with it.
  default List<Companion> companions() {
    return List.of();
  }

  /// Releases what holds the content still. Failing to is not an error of the backup.
  @Override
  void close();
}
