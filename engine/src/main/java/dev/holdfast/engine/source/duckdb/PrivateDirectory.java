package dev.holdfast.engine.source.duckdb;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A directory that nobody else may enter, for the links and the spilled data of one open database;
/// gone when it is closed. What a process that was killed has left is removed by the next one that
/// makes one in the same place: each holds a lock on a file beside its directory, which is there
/// before the directory is and goes after it, as long as it lives.
///
/// A lock of the system is let go when any descriptor of its file is closed, so those of this
/// process are never looked at.
final class PrivateDirectory implements AutoCloseable {
  private static final String PREFIX = "holdfast-duckdb-";
  private static final String LOCK = ".lock";
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
  /// @param place a folder that may be everybody's
  static PrivateDirectory in(Path place) throws IOException {
    if (LOOKED.add(place)) {
      removeAbandoned(place);
    }
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Path path = place.resolve(PREFIX + UUID.randomUUID());
      Path lockFile = path.resolveSibling(path.getFileName() + LOCK);
      OWN.add(lockFile);
      FileChannel lock =
          FileChannel.open(
              lockFile,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      // Whoever looks for abandoned ones may have taken it for one before it was locked.
      if (lock.tryLock() != null && Files.exists(lockFile)) {
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new PrivateDirectory(path, lockFile, lock);
      }
      lock.close();
      OWN.remove(lockFile);
    }
    throw new IOException("no directory can be made in " + place);
  }

  Path path() {
    return path;
  }

  /// Removes those of processes that are gone. What cannot be removed harms nobody.
  static void removeAbandoned(Path place) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(place, PREFIX + "*" + LOCK)) {
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
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
          all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(lockFile);
    } catch (IOException e) {
      return; // links that lead nowhere once this process has ended; the next one tries again
    }
  }

  @Override
  public void close() throws IOException {
    remove(path, lockFile);
    lock.close();
    OWN.remove(lockFile);
  }
}
