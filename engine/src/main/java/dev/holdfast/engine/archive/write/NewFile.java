package dev.holdfast.engine.archive.write;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// A file that appears under its name when it is whole and on the disk, and not at all otherwise.
/// Readable by its owner alone: what is in it is not encrypted. What a process that was killed left
/// of a file is removed by the next that writes it: each holds a lock on what it writes as long as
/// it lives. One thread at a time.
///
/// A lock of the system is let go when any descriptor of its file is closed, so those of this
/// process are never looked at.
public final class NewFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private static final int ATTEMPTS_MAX = 100;
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Path temporary;
  private final FileChannel channel;
  private final OutputStream stream;

  private NewFile(Path file, Path temporary, FileChannel channel) {
    this.file = file;
    this.temporary = temporary;
    this.channel = channel;
    stream = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
  }

  /// Begins the file, under a temporary name beside its own.
  ///
  /// @param replace whether a file of that name may be there already
  /// @throws HoldfastException.AlreadyExists if one is and may not
  public static NewFile begin(Path file, boolean replace) {
    Path absolute = file.toAbsolutePath().normalize();
    if (Files.isDirectory(absolute)) {
      throw new HoldfastException.Rejected("'" + file + "' is a folder", "name a file in it");
    }
    if (!replace && Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new HoldfastException.AlreadyExists(
          "'" + file + "' exists already", "choose another name, or replace it with --force");
    }
    String beginning = "." + absolute.getFileName() + ".partial-";
    removeAbandoned(absolute.resolveSibling("."), beginning);
    try {
      return make(absolute, beginning);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot write '" + file + "': " + e.getMessage(),
          "see whether the folder exists and can be written to",
          e);
    }
  }

  private static NewFile make(Path file, String beginning) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Path temporary = file.resolveSibling(beginning + UUID.randomUUID());
      OWN.add(temporary);
      FileChannel channel =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      // Whoever looks for abandoned ones may have taken it for one before it was locked.
      if (isLocked(channel) && Files.exists(temporary)) {
        return new NewFile(file, temporary, channel);
      }
      channel.close();
      OWN.remove(temporary);
    }
    throw new IOException("no file can be made beside it");
  }

  /// Whether it is this process's now; where there are no locks, nobody finds it abandoned either.
  private static boolean isLocked(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return true;
    }
  }

  private static void removeAbandoned(Path folder, String beginning) {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            folder, path -> String.valueOf(path.getFileName()).startsWith(beginning))) {
      for (Path each : found) {
        Path temporary = each.toAbsolutePath().normalize();
        if (!OWN.contains(temporary)) {
          removeIfAbandoned(temporary);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // whether the folder can be used is found out by writing
    }
  }

  private static void removeIfAbandoned(Path temporary) {
    try {
      FileStat stat = Posix.lstat(temporary.toString());
      if (!stat.isRegular() || stat.uid() != Posix.geteuid()) {
        return; // somebody else's
      }
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        if (channel.tryLock() != null) {
          Files.deleteIfExists(temporary);
        }
      }
    } catch (IOException e) {
      return; // just being removed, or nobody can tell
    }
  }

  public OutputStream stream() {
    return stream;
  }

  /// Makes the file appear, durably.
  public void publish() throws IOException {
    stream.flush();
    channel.force(true);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE); // before its lock goes
    channel.close();
    syncFolder(file.resolveSibling("."));
  }

  /// Makes what was renamed, made or removed in a folder durable.
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
      opened.force(true);
    }
  }

  /// Removes what was not published.
  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(temporary);
      OWN.remove(temporary);
    } catch (IOException e) {
      // Its name begins with a dot and says that it is partial.
      return;
    }
  }
}
