package dev.holdfast.repository.store;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps copies of index files, snapshot files and packs of trees on this machine, for stores that
/// are far away.
///
/// The repository is recognized by its config, which is read before anything else. Listings always
/// come from the store below, and what they do not show is forgotten. Every copy is verified before
/// it is used (see [CacheFolder]), so a wrong one costs time and nothing else. Thread-safe. Closes
/// the store below.
public final class CachingStore extends ForwardingStore {
  /// Bounds the copies of one repository.
  public static final long MAX_BYTES = 4L << 30;

  private final Path base;
  private final long maxBytes;
  private final Clock clock;
  private final Map<ObjectKey, Object> fetching = new ConcurrentHashMap<>();
  private final AtomicLong kept = new AtomicLong();
  private volatile @Nullable CacheFolder folder;

  /// @param base holds a folder for each repository
  public CachingStore(ObjectStore store, Path base, Clock clock) {
    this(store, base, MAX_BYTES, clock);
  }

  CachingStore(ObjectStore store, Path base, long maxBytes, Clock clock) {
    super(store);
    this.base = base;
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  /// Deletes copies of repositories that were not used for a month; returns of how many.
  public static int cleanUp(Path base, Clock clock) {
    return CacheFolder.cleanUp(base, clock);
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    store.put(key, content);
    switch (key.type()) {
      case SNAPSHOT, INDEX -> keep(key, content);
      case CONFIG -> folder = null;
      default -> {}
    }
  }

  @Override
  public void putAndKeep(ObjectKey key, ByteBuffer content) {
    store.putAndKeep(key, content);
    keep(key, content);
  }

  @Override
  public byte[] get(ObjectKey key) {
    return switch (key.type()) {
      case CONFIG -> {
        byte[] config = store.get(key);
        folder = CacheFolder.open(base, config, maxBytes, clock).orElse(null);
        yield config;
      }
      case SNAPSHOT, INDEX -> copyOf(key).orElseGet(() -> fetch(key));
      default -> store.get(key);
    };
  }

  private Optional<byte[]> copyOf(ObjectKey key) {
    CacheFolder copies = folder;
    return copies == null ? Optional.empty() : copies.get(key);
  }

  private byte[] fetch(ObjectKey key) {
    byte[] bytes = store.get(key);
    if (folder != null && Hasher.of(bytes).equals(key.hash())) {
      keep(key, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  private void keep(ObjectKey key, ByteBuffer content) {
    CacheFolder copies = folder;
    if (copies == null) {
      return;
    }
    copies.put(key, content);
    // One run of a program may fetch more than a cache should hold.
    if (kept.addAndGet(content.remaining()) > maxBytes) {
      kept.set(0);
      copies.tidy();
    }
  }

  @Override
  public void readAndKeep(ObjectKey key, long offset, ByteBuffer target) {
    CacheFolder copies = folder;
    if (copies == null
        || !(copies.read(key, offset, target)
            || (copies.takesMore() && fetchPack(copies, key, offset, target)))) {
      store.readAndKeep(key, offset, target);
    }
  }

  /// Fetches the whole pack, once however many ask for a part of it; returns whether that worked.
  private boolean fetchPack(CacheFolder copies, ObjectKey key, long offset, ByteBuffer target) {
    synchronized (fetching.computeIfAbsent(key, each -> new Object())) {
      if (copies.read(key, offset, target)) {
        return true;
      }
      try {
        byte[] pack = store.get(key);
        if (!Hasher.of(pack).equals(key.hash())) {
          return false;
        }
        keep(key, ByteBuffer.wrap(pack));
        if (offset + target.remaining() > pack.length) {
          return false;
        }
        target.put(pack, Math.toIntExact(offset), target.remaining());
        return true;
      } catch (Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        return false; // reading the part alone says what is wrong
      } finally {
        fetching.remove(key);
      }
    }
  }

  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    Set<ObjectKey> present = new HashSet<>();
    store.list(
        type,
        info -> {
          present.add(info.key());
          each.accept(info);
        });
    CacheFolder copies = folder;
    if (copies != null) {
      switch (type) {
        case SNAPSHOT, INDEX, PACK -> copies.keepOnly(type, present);
        default -> {}
      }
    }
  }

  @Override
  public void delete(ObjectKey key) {
    store.delete(key);
    CacheFolder copies = folder;
    if (copies != null) {
      copies.forget(key);
    }
  }
}
