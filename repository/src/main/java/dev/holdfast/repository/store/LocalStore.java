package dev.holdfast.repository.store;

import static java.util.Objects.requireNonNull;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.Reason;
import dev.holdfast.repository.format.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/// Keeps objects as files of restic's default layout below a folder (format sheet, section 1).
///
/// Reading is plain positional reading; publishing is the work of [LocalPublisher]. Deleting index,
/// key and snapshot files is made durable at once, so that after a power cut no index names a pack
/// that was deleted after it, and no revoked key is back; deleting packs and locks is left to the
/// file system. Thread-safe.
public final class LocalStore implements ObjectStore {
  private static final int DATA_FOLDERS = 256;
  private static final int DATA_FOLDER_CHARS = 2;

  /// Heap buffers pass through a native buffer that the JDK keeps for the thread, as large as the
  /// largest piece ever passed: small pieces keep it small.
  static final int PIECE_BYTES = 256 << 10;

  private final Path root;
  private final LocalPublisher publisher;

  /// A store in the folder `root`, which need not exist yet.
  public LocalStore(Path root) {
    this(root, Clock.systemUTC(), UncachedWriting.ofPlatform());
  }

  LocalStore(Path root, Clock clock, UncachedWriting uncached) {
    this.root = root;
    this.publisher = new LocalPublisher(root, clock, uncached);
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public void create() {
    try {
      for (ObjectType type : ObjectType.values()) {
        // The folder of records comes with the first: a new repository looks as restic makes it.
        if (type != ObjectType.CONFIG && type != ObjectType.RECORD) {
          publisher.createFolder(root.resolve(type.folder()));
        }
      }
      Path data = root.resolve(ObjectType.PACK.folder());
      for (int i = 0; i < DATA_FOLDERS; i++) {
        publisher.createFolder(data.resolve("%02x".formatted(i)));
      }
      publisher.syncFolder(data);
      publisher.syncFolder(root);
    } catch (IOException e) {
      throw failure("create", root, e);
    }
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    put(key, content, false);
  }

  @Override
  public void putAndKeep(ObjectKey key, ByteBuffer content) {
    put(key, content, true);
  }

  private void put(ObjectKey key, ByteBuffer content, boolean isReadSoon) {
    Path file = path(key);
    try {
      publisher.publish(file, content.duplicate(), isReadSoon);
    } catch (IOException e) {
      throw failure("write", file, e);
    }
  }

  @Override
  public byte[] get(ObjectKey key) {
    try (FileChannel channel = open(key)) {
      long length = channel.size();
      if (length > MAX_GET_BYTES) {
        throw StoreFailure.tooLong(key, length);
      }
      byte[] bytes = new byte[Math.toIntExact(length)];
      fill(key, channel, 0, ByteBuffer.wrap(bytes));
      return bytes;
    } catch (NoSuchFileException e) {
      throw StoreFailure.missing(key, location());
    } catch (IOException e) {
      throw failure("read", path(key), e);
    }
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    StoreFailure.requireOffset(offset);
    try (FileChannel channel = open(key)) {
      long length = channel.size();
      if (offset > length - target.remaining()) {
        throw StoreFailure.tooShort(key, length, offset, target.remaining());
      }
      fill(key, channel, offset, target);
    } catch (NoSuchFileException e) {
      throw StoreFailure.missing(key, location());
    } catch (IOException e) {
      throw failure("read", path(key), e);
    }
  }

  @Override
  public long length(ObjectKey key) {
    try {
      return Files.size(path(key));
    } catch (NoSuchFileException e) {
      throw StoreFailure.missing(key, location());
    } catch (IOException e) {
      throw failure("read", path(key), e);
    }
  }

  /// Tells a missing file from one that cannot be looked at: an unreadable folder must not pass for
  /// an empty one.
  @Override
  public boolean exists(ObjectKey key) {
    try {
      return Files.readAttributes(path(key), BasicFileAttributes.class).isRegularFile();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw failure("read", path(key), e);
    }
  }

  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    Path folder = root.resolve(type.folder());
    switch (type) {
      case CONFIG -> listed(ObjectKey.CONFIG, folder).ifPresent(each);
      case KEY, LOCK, SNAPSHOT, INDEX, RECORD -> listFolder(type, folder, "", each);
      case PACK ->
          forEachEntry(
              folder,
              child -> {
                String prefix = child.getFileName().toString();
                if (prefix.length() == DATA_FOLDER_CHARS) {
                  listFolder(type, child, prefix, each);
                }
              });
    }
  }

  @Override
  public void delete(ObjectKey key) {
    Path file = path(key);
    try {
      boolean deleted = Files.deleteIfExists(file);
      switch (key.type()) {
        case CONFIG, KEY, SNAPSHOT, INDEX, RECORD -> {
          if (deleted) {
            publisher.syncFolder(publisher.folderOf(file));
          }
        }
        case PACK, LOCK -> {}
      }
    } catch (IOException e) {
      throw failure("delete", file, e);
    }
  }

  @Override
  public void close() {}

  private Path path(ObjectKey key) {
    return root.resolve(key.path());
  }

  private FileChannel open(ObjectKey key) throws IOException {
    return FileChannel.open(path(key), StandardOpenOption.READ);
  }

  private static void fill(ObjectKey key, FileChannel channel, long offset, ByteBuffer target)
      throws IOException {
    int wanted = target.remaining();
    int limit = target.limit();
    long at = offset;
    while (target.position() < limit) {
      if (!target.isDirect()) {
        target.limit(Math.min(limit, target.position() + PIECE_BYTES));
      }
      int got = channel.read(target, at);
      target.limit(limit);
      if (got < 0) {
        throw StoreFailure.tooShort(key, channel.size(), offset, wanted);
      }
      at += got;
    }
  }

  private void listFolder(ObjectType type, Path folder, String prefix, Consumer<ObjectInfo> each) {
    forEachEntry(
        folder,
        entry -> {
          String name = entry.getFileName().toString();
          Optional<Hash> hash = name.startsWith(prefix) ? Hash.parse(name) : Optional.empty();
          hash.flatMap(id -> listed(new ObjectKey(type, id), entry)).ifPresent(each);
        });
  }

  private void forEachEntry(Path folder, Consumer<Path> each) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(each);
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Nothing of the kind is stored: folders come with their first object.
    } catch (DirectoryIteratorException e) {
      throw failure("list", folder, requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw failure("list", folder, e);
    }
  }

  /// Empty if the file is gone by now, or is no file.
  private Optional<ObjectInfo> listed(ObjectKey key, Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(new ObjectInfo(key, attributes.size()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure("list", file, e);
    }
  }

  private static HoldfastException failure(String doing, Path path, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return new Cancelled("interrupted while trying to " + doing + " " + path);
    }
    return new InputOutput(
        "cannot %s %s: %s".formatted(doing, path, Reason.of(cause)),
        "check free space, permissions and the health of the disk that holds " + path,
        cause);
  }
}
