package dev.holdfast.repository.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// Writes files so that they are either there, complete and durable, or not there: temporary name
/// in the same folder, write, fsync, rename, fsync of the folder (format sheet, section 1).
///
/// A process that is killed leaves its temporary file behind. It is encrypted as everything is, no
/// reader sees it, and the first file that a later store publishes in the same folder removes it
/// once it is older than [#LEFTOVER_AGE]. Thread-safe.
final class LocalPublisher {
  /// Far longer than any file takes to write: what is older belongs to nobody.
  static final Duration LEFTOVER_AGE = Duration.ofDays(1);

  private static final String TEMPORARY = "-tmp-";
  private static final Pattern TEMPORARY_NAME =
      Pattern.compile("(?:[0-9a-f]{64}|config)" + TEMPORARY + ".+");
  private static final Set<OpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final Set<PosixFilePermission> FILE_OF_OWNER =
      PosixFilePermissions.fromString("r--------");
  private static final Set<PosixFilePermission> FILE_OF_GROUP =
      PosixFilePermissions.fromString("r--r-----");
  private static final Set<PosixFilePermission> FOLDER_OF_OWNER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FOLDER_OF_GROUP =
      PosixFilePermissions.fromString("rwxrwx---");

  private final Path root;
  private final Clock clock;
  private final UncachedWriting uncached;
  private final boolean forGroup;
  private final Set<Path> tidied = ConcurrentHashMap.newKeySet();

  LocalPublisher(Path root, Clock clock, UncachedWriting uncached) {
    this.root = root;
    this.clock = clock;
    this.uncached = uncached;
    this.forGroup = isReadableByGroup(root.resolve(ObjectType.CONFIG.folder()));
  }

  /// Publishes the remaining bytes of `content`, replacing what is there. On any failure, an
  /// interrupt included, the temporary file is gone and `file` is as it was, unless the failure is
  /// the last fsync: then `file` is complete but may not survive a power cut.
  ///
  /// @param isReadSoon whether it belongs into the system's cache of pages; otherwise it is written
  ///   past it, if it is large enough and the file system does that
  void publish(Path file, ByteBuffer content, boolean isReadSoon) throws IOException {
    Optional<OpenOption> pastCache = isReadSoon ? Optional.empty() : uncached.optionFor(content);
    Path folder = folderOf(file);
    Path temporary = temporaryFor(file);
    try {
      if (pastCache.isEmpty()
          || !isWrittenUncached(folder, temporary, content.duplicate(), pastCache.get())) {
        try (FileChannel channel = createIn(folder, temporary, NEW_FILE)) {
          write(channel, content);
          channel.force(true);
        }
      }
      if (forGroup) {
        // Creation respects the umask, which often takes the group's bits away.
        Files.setPosixFilePermissions(temporary, FILE_OF_GROUP);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException | Error e) {
      discard(temporary, e);
      throw e;
    }
    syncFolder(folder);
    removeLeftovers(folder);
  }

  /// A failure is not believed until the ordinary way fails as well: file systems refuse this one
  /// in ways of their own.
  private boolean isWrittenUncached(
      Path folder, Path temporary, ByteBuffer content, OpenOption pastCache) throws IOException {
    Set<OpenOption> options = new HashSet<>(NEW_FILE);
    options.add(pastCache);
    try (FileChannel channel = createIn(folder, temporary, options)) {
      uncached.write(channel, content);
      channel.force(true);
      return true;
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      uncached.refuse();
      Files.deleteIfExists(temporary);
      return false;
    }
  }

  Path folderOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? root : parent;
  }

  /// Creates one folder, and those above it, for the users of the repository only. Harmless if it
  /// exists.
  void createFolder(Path folder) throws IOException {
    Set<PosixFilePermission> mode = forGroup ? FOLDER_OF_GROUP : FOLDER_OF_OWNER;
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(mode));
  }

  /// Makes the names in a folder durable.
  void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static boolean isReadableByGroup(Path config) {
    try {
      return Files.getPosixFilePermissions(config).contains(PosixFilePermission.GROUP_READ);
    } catch (IOException | UnsupportedOperationException e) {
      // No config yet, or none that can be looked at: opening it says so. The strict modes are
      // safe.
      return false;
    }
  }

  private static Path temporaryFor(Path file) {
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return file.resolveSibling(file.getFileName() + TEMPORARY + random);
  }

  /// The mode holds from the first instant; the descriptor stays writable all the same.
  private FileChannel createIn(Path folder, Path temporary, Set<OpenOption> options)
      throws IOException {
    try {
      return create(temporary, options);
    } catch (NoSuchFileException e) {
      createFolder(folder);
      for (Path made = folder; !made.equals(root); made = folderOf(made)) {
        syncFolder(folderOf(made));
      }
      return create(temporary, options);
    }
  }

  private static FileChannel create(Path temporary, Set<OpenOption> options) throws IOException {
    return FileChannel.open(
        temporary, options, PosixFilePermissions.asFileAttribute(FILE_OF_OWNER));
  }

  private static void write(FileChannel channel, ByteBuffer content) throws IOException {
    int limit = content.limit();
    while (content.position() < limit) {
      if (!content.isDirect()) {
        content.limit(Math.min(limit, content.position() + LocalStore.PIECE_BYTES));
      }
      channel.write(content);
      content.limit(limit);
    }
  }

  private static void discard(Path temporary, Throwable failure) {
    if (failure instanceof FileAlreadyExistsException) {
      return; // the name was taken: the file is somebody else's
    }
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void removeLeftovers(Path folder) {
    if (!tidied.add(folder)) {
      return;
    }
    Instant before = clock.instant().minus(LEFTOVER_AGE);
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(folder, "*" + TEMPORARY + "*")) {
      for (Path leftover : leftovers) {
        if (TEMPORARY_NAME.matcher(leftover.getFileName().toString()).matches()
            && Files.getLastModifiedTime(leftover).toInstant().isBefore(before)) {
          Files.deleteIfExists(leftover);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Tidying is a courtesy: what was to be published is published.
    }
  }
}
