package dev.holdfast.engine.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/// Bytes that can be read once, from the start to the end. One thread at a time.
public interface StreamSource extends AutoCloseable {
  /// The kind of a stream of which nothing is known.
  String STREAM = "stream";

  /// What the manifest calls it. One that is only a [#STREAM] needs no manifest.
  default String kind() {
    return STREAM;
  }

  /// What is promised of it.
  default Claim claim() {
    return Claim.FUZZY;
  }

  /// Fixes the state that will be read, if the source can. Called once, before [#open], for all
  /// streams of a backup one right after the other and as close as possible to the instant of its
  /// databases.
  ///
  /// @return false if there is nothing to be read: it went away since it was found, and nobody
  ///   asked for it by its name
  /// @throws dev.holdfast.repository.error.HoldfastException if it cannot be had
  default boolean pin() {
    return true;
  }

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

  /// Ends the reading, whether it was complete or not, and even if it never began.
  @Override
  void close();
}
