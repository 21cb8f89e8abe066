package dev.holdfast.repository.store;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.format.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/// Copies of one repository's objects in a folder, which several processes may share and anybody
/// may delete at any time.
///
/// A copy is published by renaming; it is believed only after its bytes matched its name: small
/// ones at every reading, packs once in each process. What cannot be read is not there, and what
/// cannot be written serves with what it has: a cache makes nothing possible or impossible.
/// Thread-safe.
final class CacheFolder {
  /// Not used for this long, a copy goes.
  static final Duration MAX_AGE = Duration.ofDays(30);

  /// Folders of repositories begin with this: restic's own in the same place are bare ids.
  static final String PREFIX = "holdfast-";

  private static final Duration TIDY_EVERY = Duration.ofDays(1);
  private static final String TIDIED = "tidied";
  private static final String TEMPORARY = ".tmp-";
  private static final int PIECE_BYTES = 256 << 10;

  /// A folder that is too large is brought down to this part of its bound.
  private static final double KEPT_PART = 0.8;

  private final Path root;
  private final long maxBytes;
  private final Clock clock;
  private volatile boolean takesMore = true;
  private final Set<ObjectKey> verified = ConcurrentHashMap.newKeySet();

  private CacheFolder(Path root, long maxBytes, Clock clock) {
    this.root = root;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  /// The folder below `base` of the repository whose config object is `config`; empty if there can
  /// be none.
  static Optional<CacheFolder> open(Path base, byte[] config, long maxBytes, Clock clock) {
    CacheFolder folder =
        new CacheFolder(base.resolve(PREFIX + Hasher.of(config).toHex()), maxBytes, clock);
    try {
      Files.createDirectories(base);
      tag(base);
      Files.createDirectories(
          folder.root,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.setLastModifiedTime(folder.root, FileTime.from(clock.instant()));
      folder.tidyNowAndThen();
    } catch (IOException e) {
      folder.takesMore = false;
    }
    return Files.isDirectory(folder.root) ? Optional.of(folder) : Optional.empty();
  }

  /// Whether more can be kept, as far as is known: it may be full, or another user's.
  boolean takesMore() {
    return takesMore;
  }

  /// Tells backup programs that it is not worth saving.
  private static void tag(Path base) throws IOException {
    Path tag = base.resolve("CACHEDIR.TAG");
    if (!Files.exists(tag)) {
      try {
        Files.write(
            tag,
            "Signature: 8a477f597d28d172789f06886806bc55\n".getBytes(StandardCharsets.US_ASCII),
            StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        // Somebody else was quicker.
      }
    }
  }

  /// Deletes the folders below `base` that were not used for long; returns how many.
  static int cleanUp(Path base, Clock clock) {
    int deleted = 0;
    Instant limit = clock.instant().minus(MAX_AGE);
    try (Stream<Path> folders = Files.list(base)) {
      for (Path folder : folders.filter(CacheFolder::isOurs).toList()) {
        if (Files.getLastModifiedTime(folder).toInstant().isBefore(limit)) {
          deleteAll(folder);
          deleted++;
        }
      }
    } catch (IOException e) {
      // There is none, or it is not ours to clean.
    }
    return deleted;
  }

  private static boolean isOurs(Path folder) {
    return folder.getFileName().toString().startsWith(PREFIX) && Files.isDirectory(folder);
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }

  /// The whole copy of a small object.
  Optional<byte[]> get(ObjectKey key) {
    if (!Files.isRegularFile(path(key), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Files.readAllBytes(path(key));
      if (Hasher.of(bytes).equals(key.hash())) {
        touch(path(key));
        return Optional.of(bytes);
      }
      forget(key);
    } catch (IOException e) {
      // Not there.
    }
    return Optional.empty();
  }

  /// Fills `target` from the copy of a pack; returns whether it did.
  boolean read(ObjectKey key, long offset, ByteBuffer target) {
    int position = target.position();
    Path file = path(key);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (!verified.contains(key)) {
        if (!hash(file).equals(key.hash())) {
          forget(key);
          return false;
        }
        touch(file);
        verified.add(key);
      }
      long at = offset;
      while (target.hasRemaining()) {
        int got = channel.read(target, at);
        if (got < 0) {
          target.position(position);
          return false;
        }
        at += got;
      }
      return true;
    } catch (IOException e) {
      target.position(position);
      return false;
    }
  }

  private static Hash hash(Path file) throws IOException {
    Hasher hasher = new Hasher();
    byte[] piece = new byte[PIECE_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
        hasher.update(piece, 0, got);
      }
    }
    return hasher.end();
  }

  /// Keeps a copy whose bytes are known to match its name.
  void put(ObjectKey key, ByteBuffer content) {
    if (!takesMore || content.remaining() > maxBytes / 2) {
      return;
    }
    Path file = path(key);
    Path temporary =
        file.resolveSibling(TEMPORARY + Long.toHexString(ThreadLocalRandom.current().nextLong()));
    try {
      Files.createDirectories(root.resolve(key.path()).getParent());
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer rest = content.duplicate();
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      takesMore = false;
      quietlyDelete(temporary);
    }
  }

  void forget(ObjectKey key) {
    verified.remove(key);
    quietlyDelete(path(key));
  }

  /// Deletes the copies of objects of a kind that are not among `present`.
  void keepOnly(ObjectType type, Set<ObjectKey> present) {
    for (Path file : files(root.resolve(type.folder()))) {
      Optional<Hash> hash = Hash.parse(file.getFileName().toString());
      if (hash.isPresent() && !present.contains(new ObjectKey(type, hash.get()))) {
        forget(new ObjectKey(type, hash.get()));
      }
    }
  }

  private Path path(ObjectKey key) {
    return root.resolve(key.path());
  }

  /// Remembers that it was used, once a day.
  private void touch(Path file) {
    Instant now = clock.instant();
    try {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(TIDY_EVERY))) {
        Files.setLastModifiedTime(file, FileTime.from(now));
      }
    } catch (IOException e) {
      // It can be read, and that is what it is for.
    }
  }

  private record Copy(Path file, long bytes, Instant used) {}

  private void tidyNowAndThen() throws IOException {
    Path mark = root.resolve(TIDIED);
    Instant now = clock.instant();
    if (Files.exists(mark)
        && Files.getLastModifiedTime(mark).toInstant().isAfter(now.minus(TIDY_EVERY))) {
      return;
    }
    Files.write(mark, new byte[0]);
    Files.setLastModifiedTime(mark, FileTime.from(now));
    tidy();
  }

  /// Deletes what is too old, and then what was not used for longest until the rest fits.
  void tidy() {
    List<Copy> copies = new ArrayList<>();
    long total = 0;
    Instant limit = clock.instant().minus(MAX_AGE);
    for (Path file : files(root)) {
      try {
        Instant used = Files.getLastModifiedTime(file).toInstant();
        if (used.isBefore(limit)) {
          quietlyDelete(file);
        } else if (!file.getFileName().toString().equals(TIDIED)) {
          long bytes = Files.size(file);
          copies.add(new Copy(file, bytes, used));
          total += bytes;
        }
      } catch (IOException e) {
        // Another process tidies as well.
      }
    }
    if (total <= maxBytes) {
      return;
    }
    copies.sort(Comparator.comparing(Copy::used));
    for (Copy copy : copies) {
      if (total <= maxBytes * KEPT_PART) {
        return;
      }
      quietlyDelete(copy.file());
      total -= copy.bytes();
    }
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> below = Files.walk(folder)) {
      return below.filter(Files::isRegularFile).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static void quietlyDelete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is a copy: at worst it takes room.
    }
  }
}
