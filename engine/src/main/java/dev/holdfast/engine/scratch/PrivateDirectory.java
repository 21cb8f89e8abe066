package dev.holdfast.engine.scratch;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A directory that nobody else may enter, for what is not encrypted; gone when it is closed. What
/// a process that was killed has left is removed by the next one that makes one of its kind in the
/// same place: each holds a lock on a file beside its directory, which is there before the
/// directory is and goes after it, as long as it lives.
///
/// A lock of the system is let go when any descriptor of its file is closed, so those of this
/// process are never looked at.
public final class PrivateDirectory implements AutoCloseable {
  private static final String LOCK = ".lock";
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");
  private static final int ATTEMPTS_MAX = 100;

  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  /// Where this process has looked for abandoned ones.
  private static final Set<Path> LOOKED = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path lockFile;
  private final FileChannel lock;

  private PrivateDirectory(Path path, Path lockFile, FileChannel lock) {
    this.path = path;
    this.lockFile = lockFile;
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
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Path path = place.resolve(kind + UUID.randomUUID());
      Path lockFile = path.resolveSibling(path.getFileName() + LOCK);
      OWN.add(lockFile);
      FileChannel lock =
          FileChannel.open(
              lockFile,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      // Whoever looks for abandoned ones may have taken it for one before it was locked.
      if (isLocked(lock) && Files.exists(lockFile)) {
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNERS));
        return new PrivateDirectory(path, lockFile, lock);
      }
      lock.close();
      OWN.remove(lockFile);
    }
    throw new IOException("no directory can be made in " + place);
  }

  /// Whether it is this process's now; where there are no locks, nobody finds it abandoned either.
  private static boolean isLocked(FileChannel lock) {
    try {
      return lock.tryLock() != null;
    } catch (IOException e) {
      return true;
    }
  }

  public Path path() {
    return path;
  }

  /// Removes those of processes that are gone. What cannot be removed harms nobody.
  static void removeAbandoned(Path place, String kind) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(place, kind + "*" + LOCK)) {
      for (Path lockFile : found) {
        if (!OWN.contains(lockFile)) {
          removeIfAbandoned(lockFile);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Whoever can read the place does it.
    }
  }

  private static void removeIfAbandoned(Path lockFile) {
    try {
      FileStat stat = Posix.lstat(lockFile.toString());
      if (!stat.isRegular() || stat.uid() != Posix.geteuid()) {
        return; // somebody else's, who may be up to something
      }
      try (FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
        if (lock.tryLock() != null) {
          String name = String.valueOf(lockFile.getFileName());
          remove(
              lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length())), lockFile);
        }
      }
    } catch (IOException e) {
      // Just being removed.
    }
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
    remove(path, lockFile);
    lock.close();
    OWN.remove(lockFile);
  }
}
