package dev.holdfast.engine.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/// Bytes that can be read once, from the start to the end. One thread at a time.
public interface StreamSource extends AutoCloseable {
  /// Begins to read. The stream is the source's and closed with it. An interrupt ends a read that
  /// waits, with an [java.io.InterruptedIOException] or a
  /// [java.nio.channels.ClosedByInterruptException].
  InputStream open() throws IOException;

  /// About how many bytes will come, if they are the rows of a database that change here and there:
  /// such a stream is cut more finely than a file. Empty for everything else. Called before
  /// [#open].
  default OptionalLong expectedRowBytes() {
    return OptionalLong.empty();
  }

  /// Called when the stream has ended, before anything refers to what was read.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException if what was read is not all there was,
  ///   such as the output of a command that failed
  void confirmComplete();

  /// What the source knows about the state that was read. Called once [#confirmComplete] returned.
  default Optional<SourceFacts> facts() {
    return Optional.empty();
  }

  /// Ends the reading, whether it was complete or not.
  @Override
  void close();
}
