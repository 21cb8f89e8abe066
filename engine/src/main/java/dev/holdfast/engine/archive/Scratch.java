package dev.holdfast.engine.archive;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// A folder that nobody else can look into, gone when it is closed.
public final class Scratch implements AutoCloseable {
  /// What fails to write stops short of the last bytes by no more than one buffer.
  private static final long ROOM_BYTES_MIN = 1 << 20;

  private final Path folder;

  private Scratch(Path folder) {
    this.folder = folder;
  }

  /// A new folder in `parent`.
  public static Scratch in(Path parent) {
    try {
      return new Scratch(
          Files.createTempDirectory(
              parent,
              "holdfast-archive-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot make a folder in '" + parent + "': " + e.getMessage(),
          "name another place with --scratch",
          e);
    }
  }

  public Path folder() {
    return folder;
  }

  /// Whether nothing goes into it any more, because the disk is full.
  boolean isFull() {
    try {
      return Files.getFileStore(folder).getUsableSpace() < ROOM_BYTES_MIN;
    } catch (IOException e) {
      return false; // not known to be
    }
  }

  /// Removes a file or a folder with all that is in it.
  static void remove(Path path) throws IOException {
    if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() {
    try {
      remove(folder);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot remove '%s': %s".formatted(folder, e.getMessage()),
          "remove it: what is in it is not encrypted",
          e);
    }
  }
}
