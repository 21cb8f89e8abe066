package dev.holdfast.repository.repair;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.Reason;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/// A local folder in which a copy of everything is kept that a repair takes out of the repository,
/// laid out as there, so that copying it back undoes the repair. Thread-safe for different objects.
public final class Keepsake {
  private static final int PIECE_BYTES = 1 << 20;

  private final Path folder;
  private final AtomicInteger kept = new AtomicInteger();

  /// @param folder is created when the first object is kept
  public Keepsake(Path folder) {
    this.folder = folder;
  }

  public Path folder() {
    return folder;
  }

  /// How many objects were kept.
  public int kept() {
    return kept.get();
  }

  /// Copies an object, as much of it as can be read, and returns whether that is all of it.
  ///
  /// @throws InputOutput if the copy cannot be written; nothing may be removed then
  public boolean keep(ObjectStore store, ObjectKey key) {
    Path file = folder.resolve(key.path());
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        boolean whole = copy(store, key, channel);
        channel.force(true);
        kept.incrementAndGet();
        return whole;
      }
    } catch (ClosedByInterruptException e) {
      throw new Cancelled("interrupted while a copy of " + key + " was made; it is still there");
    } catch (IOException e) {
      throw new InputOutput(
          "a copy of " + key + " cannot be kept in " + folder + ": " + Reason.of(e),
          "it is still there; make room for the copy, or run the command in another folder",
          e);
    }
  }

  private static boolean copy(ObjectStore store, ObjectKey key, FileChannel channel)
      throws IOException {
    long length;
    try {
      length = store.length(key);
    } catch (HoldfastException.NotFound e) {
      return false;
    }
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    for (long at = 0; at < length; at += piece.limit()) {
      piece.clear().limit(Math.toIntExact(Math.min(PIECE_BYTES, length - at)));
      try {
        store.read(key, at, piece);
      } catch (HoldfastException.Cancelled e) {
        throw e;
      } catch (HoldfastException unreadable) {
        return false;
      }
      piece.flip();
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    }
    return true;
  }
}
