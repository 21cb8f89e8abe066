package dev.holdfast.engine.scratch;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A directory that nobody else may enter, for what is not encrypted; gone when it is closed. What
/// a process that was killed has left is removed by the next one that makes one of its kind in the
/// same place: beside each lies a [HeldFile], which is there before the directory is and goes after
/// it.
public final class PrivateDirectory implements AutoCloseable {
  private static final String LOCK = ".lock";
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  /// Where this process has looked for abandoned ones.
  private static final Set<Path> LOOKED = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final HeldFile lock;

  private PrivateDirectory(Path path, HeldFile lock) {
    this.path = path;
    this.lock = lock;
  }

  /// Makes one.
  ///
  /// @param parent a folder that may be everybody's
  /// @param kind what its name begins with, such as `holdfast-query-`
  public static PrivateDirectory in(Path parent, String kind) throws IOException {
    Path place =
        parent.toRealPath(); // so that those of this process are known, however it is named
    if (LOOKED.add(place.resolve(kind))) {
      removeAbandoned(place, kind);
    }
    HeldFile lock = HeldFile.make(place, kind, LOCK);
    Path path = directoryOf(lock.path());
    Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNERS));
    return new PrivateDirectory(path, lock);
  }

  private static Path directoryOf(Path lockFile) {
    String name = String.valueOf(lockFile.getFileName());
    return lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
  }

  public Path path() {
    return path;
  }

  /// Removes those of processes that are gone. What cannot be removed harms nobody.
  static void removeAbandoned(Path place, String kind) {
    HeldFile.removeAbandoned(
        place, kind, LOCK, lockFile -> remove(directoryOf(lockFile), lockFile));
  }

  private static void remove(Path directory, Path lockFile) {
    try {
      removeTree(directory);
      Files.deleteIfExists(lockFile);
    } catch (IOException e) {
      return; // links that lead nowhere once this process has ended; the next one tries again
    }
  }

  /// Removes a file or a directory with all that is in it, whatever its rights; what is not there
  /// is gone already.
  public static void removeTree(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.setPosixFilePermissions(folder, OWNERS);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    remove(path, lock.path());
    lock.close();
  }
}
