package dev.holdfast.repository;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.RepositoryConfig;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.key.Opened;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriteGate;
import dev.holdfast.repository.write.WriterOptions;
import java.util.List;

/// An open repository: the way in for everything that reads or writes one. Thread-safe. Closing it
/// forgets the keys and leaves the store open, which is whose who made it.
@SuppressWarnings("DoNotCallSuggester")
public final class Repository implements AutoCloseable {
  /// Creates a repository with one key in an empty store, and opens it.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.AlreadyExists if the store has a
  ///   config, a key or a snapshot
  public static Repository init(ObjectStore store, byte[] password, InitOptions options) {
    throw new UnsupportedOperationException("not written yet: " + store + options);
  }

  /// Opens a repository.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.NoRepository if there is none
  /// @throws dev.holdfast.repository.error.HoldfastException.WrongKey if no key opens
  public static Repository open(ObjectStore store, byte[] password, OpenOptions options) {
    throw new UnsupportedOperationException("not written yet: " + store + options);
  }

  public RepositoryConfig config() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The key that the password opened. Closed with the repository.
  public Opened key() {
    throw new UnsupportedOperationException("not written yet");
  }

  public ObjectStore store() {
    throw new UnsupportedOperationException("not written yet");
  }

  public UnpackedFiles files() {
    throw new UnsupportedOperationException("not written yet");
  }

  public PackReader packs() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The readable snapshots, oldest first. Damaged ones are left out: see [#listSnapshots()].
  public List<StoredSnapshot> snapshots() {
    return listSnapshots().readable();
  }

  /// Every snapshot, with those that cannot be read apart.
  public SnapshotList listSnapshots() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Reads one snapshot file.
  public Snapshot loadSnapshot(SnapshotId id) {
    throw new UnsupportedOperationException("not written yet: " + id);
  }

  /// The snapshot that `name` means: `latest`, or the start of an id. `latest` is the newest that
  /// matches the filter and is neither a restore point nor partial (design, section 6); an id is
  /// taken whatever the filter says.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.NotFound if there is none
  /// @throws dev.holdfast.repository.error.HoldfastException.Rejected if several ids start so
  public StoredSnapshot findSnapshot(String name, SnapshotFilter filter) {
    throw new UnsupportedOperationException("not written yet: " + name + filter);
  }

  /// Publishes a snapshot. Only after the writer that stored its blobs was flushed (format sheet,
  /// section 11).
  public SnapshotId saveSnapshot(Snapshot snapshot, WriteGate gate) {
    throw new UnsupportedOperationException("not written yet: " + snapshot + gate);
  }

  /// Publishes a snapshot with no lock to watch.
  public SnapshotId saveSnapshot(Snapshot snapshot) {
    return saveSnapshot(snapshot, WriteGate.OPEN);
  }

  /// The index, loaded from the store by the first call. Snapshots are to be listed before (format
  /// sheet, section 11).
  public BlobIndex index() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The plain bytes of a blob; another copy is taken where one is damaged.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.NotFound if the index does not have it
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if every copy is damaged
  public byte[] loadBlob(BlobHandle handle) {
    throw new UnsupportedOperationException("not written yet: " + handle);
  }

  /// Loads and decodes a tree. The last few are remembered.
  public Tree loadTree(BlobId id) {
    throw new UnsupportedOperationException("not written yet: " + id);
  }

  /// Starts to write. One writer at a time.
  public RepositoryWriter writer(WriterOptions options) {
    throw new UnsupportedOperationException("not written yet: " + options);
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("not written yet");
  }
}
