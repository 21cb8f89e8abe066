package dev.holdfast.engine.scratch;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// A file with a lock on it for as long as its process lives, readable by its owner alone. So other
/// processes can tell what was left by one that was killed.
///
/// A lock of the system is let go when any descriptor of its file is closed, so those of this
/// process are never looked at. One thread at a time.
public final class HeldFile implements AutoCloseable {
  private static final int ATTEMPTS_MAX = 100;
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private HeldFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Makes an empty one under a name of its own.
  ///
  /// @param folder named in one way by all of this process
  public static HeldFile make(Path folder, String beginning, String ending) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Path path = folder.resolve(beginning + UUID.randomUUID() + ending);
      OWN.add(path);
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      // Whoever looks for abandoned ones may have taken it for one before it was locked.
      if (isLocked(channel) && Files.exists(path)) {
        return new HeldFile(path, channel);
      }
      channel.close();
      OWN.remove(path);
    }
    throw new IOException("no file can be kept in " + folder);
  }

  /// Whether it is this process's now; where there are no locks, nobody finds it abandoned either.
  private static boolean isLocked(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return true;
    }
  }

  /// Removes a file that was left, and what belongs to it.
  @FunctionalInterface
  public interface Removal {
    void remove(Path file) throws IOException;
  }

  /// Removes those in `folder` whose processes are gone. What cannot be looked at or removed stays.
  public static void removeAbandoned(
      Path folder, String beginning, String ending, Removal removal) {
    DirectoryStream.Filter<Path> ofThisKind =
        path -> {
          String name = String.valueOf(path.getFileName());
          return name.startsWith(beginning) && name.endsWith(ending);
        };
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, ofThisKind)) {
      for (Path path : found) {
        if (!OWN.contains(path)) {
          removeIfAbandoned(path, removal);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // whether the folder can be used is found out by using it
    }
  }

  private static void removeIfAbandoned(Path path, Removal removal) {
    try {
      FileStat stat = Posix.lstat(path.toString());
      if (!stat.isRegular() || stat.uid() != Posix.geteuid()) {
        return; // somebody else's, who may be up to something
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        if (channel.tryLock() != null) {
          removal.remove(path);
        }
      }
    } catch (IOException e) {
      return; // just being removed, or nobody can tell
    }
  }

  public Path path() {
    return path;
  }

  /// For its content; closed with this.
  public FileChannel channel() {
    return channel;
  }

  /// Lets go of the file, which stays if it was not removed.
  @Override
  public void close() throws IOException {
    channel.close();
    OWN.remove(path);
  }
}
