package dev.holdfast.repository;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.crypto.UserKey;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.RepositoryConfig;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotCodec;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.key.Opened;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.parallel.ParallelLoading;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriteGate;
import dev.holdfast.repository.write.WriterOptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An open repository: the way in for everything that reads or writes one. Thread-safe. Closing it
/// forgets the keys and leaves the store open, which belongs to whoever made it.
public final class Repository implements AutoCloseable {
  private final ObjectStore store;
  private final RepositoryConfig config;
  private final Opened key;
  private final SecureRandom random;
  private final Clock clock;
  private final UnpackedFiles files;
  private final PackReader packs;
  private final TreeCache trees = new TreeCache();
  private final ReentrantLock indexLock = new ReentrantLock();
  private volatile @Nullable BlobIndex index;

  Repository(
      ObjectStore store, RepositoryConfig config, Opened key, SecureRandom random, Clock clock) {
    this.store = store;
    this.config = config;
    this.key = key;
    this.random = random;
    this.clock = clock;
    this.files = new UnpackedFiles(store, key.masterKey(), random, config.compresses());
    this.packs = new PackReader(store, key.masterKey(), random);
  }

  /// Creates a repository with one key in an empty store, and opens it.
  ///
  /// @throws HoldfastException.AlreadyExists if the store has a config, a key or a snapshot
  public static Repository init(ObjectStore store, byte[] password, InitOptions options) {
    return new RepositoryOpening(store, new SecureRandom(), Clock.systemUTC())
        .init(password, options);
  }

  /// Opens a repository.
  ///
  /// @throws HoldfastException.NoRepository if there is none
  /// @throws HoldfastException.WrongKey if no key opens
  public static Repository open(ObjectStore store, byte[] password, OpenOptions options) {
    return new RepositoryOpening(store, new SecureRandom(), Clock.systemUTC())
        .open(password, options);
  }

  /// Does what the first repository of a process takes longest for, without one: loads what derives
  /// keys, seals and compresses.
  ///
  /// @param scratch gets an object
  public static void warmUp(ObjectStore scratch) {
    SecureRandom random = new SecureRandom();
    try (MasterKey key = MasterKey.generate(random);
        UnpackedFiles files = new UnpackedFiles(scratch, key, random, true)) {
      files.load(files.save(ObjectType.LOCK, new byte[] {'{', '}'}));
    }
    ScryptParameters smallest = new ScryptParameters(2, 1, 1);
    UserKey.derive(new byte[1], new byte[UserKey.SALT_BYTES], smallest).close();
  }

  public RepositoryConfig config() {
    return config;
  }

  /// The key that the password opened. Closed with the repository.
  public Opened key() {
    return key;
  }

  public ObjectStore store() {
    return store;
  }

  public UnpackedFiles files() {
    return files;
  }

  public PackReader packs() {
    return packs;
  }

  /// The readable snapshots, oldest first. Damaged ones are left out: see [#listSnapshots()].
  public List<StoredSnapshot> snapshots() {
    return listSnapshots().readable();
  }

  /// Every snapshot, with those that cannot be read apart. One that vanishes meanwhile is in
  /// neither.
  public SnapshotList listSnapshots() {
    List<StoredSnapshot> readable = Collections.synchronizedList(new ArrayList<>());
    List<UnreadableSnapshot> unreadable = Collections.synchronizedList(new ArrayList<>());
    ParallelLoading.forEach(
        keys(ObjectType.SNAPSHOT),
        store.connections(),
        each -> {
          SnapshotId id = new SnapshotId(each.hash());
          try {
            readable.add(new StoredSnapshot(id, loadSnapshot(id)));
          } catch (Corrupt e) {
            unreadable.add(UnreadableSnapshot.damaged(id, e));
          } catch (NotFound e) {
            // Forgotten by somebody else since the listing.
          }
        });
    return new SnapshotList(readable, unreadable);
  }

  /// Reads one snapshot file.
  public Snapshot loadSnapshot(SnapshotId id) {
    ObjectKey file = new ObjectKey(ObjectType.SNAPSHOT, id.hash());
    byte[] json = files.load(file);
    try {
      return SnapshotCodec.decode(json);
    } catch (Corrupt e) {
      throw new Corrupt(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /// The snapshot that `name` means: see [SnapshotList#find].
  public StoredSnapshot findSnapshot(String name, SnapshotFilter filter) {
    return listSnapshots().find(name, filter);
  }

  /// Publishes a snapshot. Only after the writer that stored its blobs was flushed (format sheet,
  /// section 11).
  public SnapshotId saveSnapshot(Snapshot snapshot, WriteGate gate) {
    byte[] json = SnapshotCodec.encode(snapshot);
    gate.check();
    return new SnapshotId(files.save(ObjectType.SNAPSHOT, json).hash());
  }

  /// Publishes a snapshot with no lock to watch.
  public SnapshotId saveSnapshot(Snapshot snapshot) {
    return saveSnapshot(snapshot, WriteGate.OPEN);
  }

  /// The index, loaded from the store by the first call. Snapshots are to be listed before (format
  /// sheet, section 11).
  ///
  /// @throws Corrupt if an index file is damaged: without it stored blobs would be missed
  public BlobIndex index() {
    BlobIndex loaded = index;
    if (loaded != null) {
      return loaded;
    }
    indexLock.lock();
    try {
      if (index == null) {
        index = loadIndex();
      }
      return index;
    } finally {
      indexLock.unlock();
    }
  }

  private BlobIndex loadIndex() {
    BlobIndex loading = new BlobIndex();
    ParallelLoading.forEach(
        keys(ObjectType.INDEX),
        store.connections(),
        file -> IndexLoader.load(files, file, loading::addPack));
    return loading;
  }

  /// Makes an index that was loaded otherwise the one that everything here uses; null has it loaded
  /// again when it is needed next, as after its files were changed. Not while a writer is open.
  public void useIndex(@Nullable BlobIndex replacement) {
    indexLock.lock();
    try {
      index = replacement;
    } finally {
      indexLock.unlock();
    }
  }

  /// The plain bytes of a blob; another copy is taken where one is damaged.
  ///
  /// @throws NotFound if the index does not have it
  /// @throws Corrupt if every copy is damaged
  public byte[] loadBlob(BlobHandle handle) {
    HoldfastException first = null;
    for (BlobLocation location : index().findAll(handle)) {
      try {
        return packs.readBlob(location.pack(), location.blob());
      } catch (Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
    throw new NotFound(
        "blob " + handle + " is not in the index",
        "run 'holdfast check' to learn what is affected");
  }

  /// Loads and decodes a tree. The last few are remembered.
  ///
  /// @throws Corrupt if it is damaged
  public Tree loadTree(BlobId id) {
    Tree known = trees.get(id);
    if (known != null) {
      return known;
    }
    byte[] json = loadBlob(new BlobHandle(BlobType.TREE, id));
    Tree tree;
    try {
      tree = TreeCodec.decode(json);
    } catch (Corrupt e) {
      throw new Corrupt(
          "tree " + id.hash().toShortHex() + " is damaged: " + e.getMessage(), e.hint(), e);
    }
    trees.put(id, tree);
    return tree;
  }

  /// Starts to write. One writer at a time.
  public RepositoryWriter writer(WriterOptions options) {
    return new RepositoryWriter(
        store,
        files,
        index(),
        key.masterKey(),
        config.compresses(),
        options.forConnections(store.connections()),
        random,
        clock);
  }

  /// The keys of all objects of a kind that are in the store.
  public List<ObjectKey> keys(ObjectType type) {
    List<ObjectKey> keys = new ArrayList<>();
    store.list(type, each -> keys.add(each.key()));
    return keys;
  }

  /// Forgets the keys. Writers are to be closed before.
  @Override
  public void close() {
    files.close();
    packs.close();
    key.masterKey().close();
  }
}
