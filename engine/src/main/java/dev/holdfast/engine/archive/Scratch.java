package dev.holdfast.engine.archive;

import dev.holdfast.engine.scratch.PrivateDirectory;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A folder that nobody else can look into, gone when it is closed.
public final class Scratch implements AutoCloseable {
  /// What fails to write stops short of the last bytes by no more than one buffer.
  private static final long ROOM_BYTES_MIN = 1 << 20;

  private final PrivateDirectory directory;

  private Scratch(PrivateDirectory directory) {
    this.directory = directory;
  }

  /// A new folder in `parent`. What killed processes left there of this kind goes.
  public static Scratch in(Path parent) {
    try {
      return new Scratch(PrivateDirectory.in(parent, "holdfast-archive-"));
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot make a folder in '" + parent + "': " + Reason.of(e),
          "name another place with --scratch",
          e);
    }
  }

  public Path folder() {
    return directory.path();
  }

  /// Whether nothing goes into it any more, because the disk is full.
  boolean isFull() {
    try {
      return Files.getFileStore(folder()).getUsableSpace() < ROOM_BYTES_MIN;
    } catch (IOException e) {
      return false; // not known to be
    }
  }

  /// Removes a file or a folder with all that is in it.
  static void remove(Path path) throws IOException {
    PrivateDirectory.removeTree(path);
  }

  @Override
  public void close() {
    try {
      remove(folder());
      directory.close();
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot remove '%s': %s".formatted(folder(), Reason.of(e)),
          "remove it: what is in it is not encrypted",
          e);
    }
  }
}
