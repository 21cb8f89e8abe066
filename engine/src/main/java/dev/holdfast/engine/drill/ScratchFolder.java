package dev.holdfast.engine.drill;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A folder of one drill, gone when it is closed. What a drill that was killed has left is removed
/// by the next one in the same place: each holds a lock on a file in its folder as long as it
/// lives.
///
/// A folder is made, and looked at by others, only under the lock of the place, so that none is
/// taken for abandoned before its drill has locked it.
final class ScratchFolder implements AutoCloseable {
  private static final String PREFIX = "drill-";
  private static final String LOCK = "lock";
  private static final String DOOR = "lock";

  /// Within this process the locks of the system do not keep threads apart.
  private static final Object DOOR_OF_PROCESS = new Object();

  private final LiveFiles files;
  private final Path place;
  private final Path folder;
  private final FileChannel lock;

  private ScratchFolder(LiveFiles files, Path place, Path folder, FileChannel lock) {
    this.files = files;
    this.place = place;
    this.folder = folder;
    this.lock = lock;
  }

  /// Makes a folder in `place`, after removing what was left there.
  ///
  /// @param name unique
  /// @param abandoned told of each folder that is removed, before it is
  static ScratchFolder make(LiveFiles files, Path place, String name, Consumer<Path> abandoned) {
    try {
      Files.createDirectories(
          place,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return atTheDoor(
          place,
          () -> {
            removeAbandoned(files, place, abandoned);
            Path folder = place.resolve(PREFIX + name);
            files.makeFolder(folder.toString());
            FileChannel lock = openLock(folder.resolve(LOCK));
            if (tryLock(lock) == null) {
              throw new IOException(folder + " is locked by somebody else");
            }
            return new ScratchFolder(files, place, folder, lock);
          });
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the scratch folder " + place + " cannot be used: " + Reason.of(e),
          "name another with --scratch",
          e);
    }
  }

  /// Some work.
  private interface Work<T> {
    T run() throws IOException;
  }

  private static <T> T atTheDoor(Path place, Work<T> work) throws IOException {
    synchronized (DOOR_OF_PROCESS) {
      try (FileChannel door = openLock(place.resolve(DOOR));
          FileLock _ = door.lock()) {
        return work.run();
      }
    }
  }

  private static FileChannel openLock(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // of a drill in this very process
    }
  }

  private static void removeAbandoned(LiveFiles files, Path place, Consumer<Path> abandoned)
      throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(place, PREFIX + "*")) {
      folders.forEach(found::add);
    }
    for (Path folder : found) {
      if (isAbandoned(folder)) {
        abandoned.accept(folder);
        files.removeTree(folder.toString());
      }
    }
  }

  private static boolean isAbandoned(Path folder) throws IOException {
    try (FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      return tryLock(lock) != null;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /// Where the drill writes.
  Path path() {
    return folder;
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted(); // which would end the wait at the door
    try {
      boolean removed =
          atTheDoor(
              place,
              () -> {
                files.removeTree(folder.toString());
                lock.close();
                return true;
              });
      assert removed;
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the scratch folder " + folder + " cannot be removed: " + Reason.of(e),
          "remove it by hand; the next drill tries again",
          e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
