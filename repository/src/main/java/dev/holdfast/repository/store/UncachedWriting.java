package dev.holdfast.repository.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.util.Optional;
import java.util.function.Supplier;

/// Writes past the system's cache of pages: packs are not read again soon, the pages that they take
/// are those of databases that are in use, and copying them there costs a tenth of a first backup
/// (decision 31). Thread-safe.
final class UncachedWriting {
  /// Below it, a write of its own to the disk costs more than it saves.
  static final int MIN_BYTES = 1 << 20;

  private final Supplier<Optional<OpenOption>> option;

  /// Set by the first file system that does not do it; some say so only when they are written to.
  private volatile boolean refused;

  /// @param option that opens a file so, asked for when there is something to write; without one
  ///   nothing is written so
  UncachedWriting(Supplier<Optional<OpenOption>> option) {
    this.option = option;
  }

  /// Java's own way, where it has one.
  static UncachedWriting ofPlatform() {
    return new UncachedWriting(UncachedWriting::platformOption);
  }

  /// How to open the file that `content` is written to; empty if it is to be written as any other.
  Optional<OpenOption> optionFor(ByteBuffer content) {
    boolean suits = content.isDirect() && content.remaining() >= MIN_BYTES;
    return suits && !refused ? option.get() : Optional.empty();
  }

  /// Notes that it failed; nothing is written so any more.
  void refuse() {
    refused = true;
  }

  /// Writes the remaining bytes of `content` to a new file, which takes whole units only: what is
  /// behind the last one is filled up, and cut off again.
  void write(FileChannel channel, ByteBuffer content) throws IOException {
    int end = content.limit();
    int length = content.remaining();
    int last = length % AlignedMemory.UNIT_BYTES;
    content.limit(end - last);
    writeAll(channel, content);
    content.limit(end);
    if (last > 0) {
      ByteBuffer unit = AlignedMemory.of(AlignedMemory.UNIT_BYTES).put(content).position(0);
      writeAll(channel, unit);
      channel.truncate(length);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer content) throws IOException {
    while (content.hasRemaining()) {
      channel.write(content);
    }
  }

  /// The option is outside of what Java specifies, so that code that names it compiles with a
  /// warning that cannot be turned off.
  private static Optional<OpenOption> platformOption() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return Optional.of((OpenOption) options.getField("DIRECT").get(null));
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }
}
