package dev.holdfast.repository.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// Holds a repository's objects. Every implementation passes the contract suite
/// `ObjectStoreContract`.
///
/// What every store guarantees:
///
/// - *Publish is atomic and durable.* When [#put] returns, the object is complete under its name
///   and survives a power cut; before that, and for ever if it fails, no reader sees any of it.
/// - *Names are content hashes*, so a second `put` of the same key is harmless. The store does not
///   compute the hash; the config is the one object without one, and is overwritten by `put`.
/// - *Delete is idempotent*: deleting what is not there is success.
/// - *Listing* sees every object whose `put` returned before the listing began, skips names that
///   are not ids, and may or may not see what is put or deleted meanwhile.
/// - All methods may be called from any number of threads. An interrupt makes a blocked call fail
///   with [dev.holdfast.repository.error.HoldfastException.Cancelled].
///
/// Errors are [dev.holdfast.repository.error.HoldfastException]s: `NotFound` for a missing object,
/// `Corrupt` for an object shorter than the range asked, `Transient` where a retry may help,
/// `InputOutput` for the rest (disk full, no permission).
public interface ObjectStore extends AutoCloseable {
  /// The longest object that [#get] reads: many times the largest index, key, lock or snapshot file
  /// ever written, and small enough that a hostile repository cannot exhaust the memory with one.
  int MAX_GET_BYTES = Math.toIntExact(Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 8));

  /// What [#connections] says of a disk.
  int LOCAL_CONNECTIONS = 2;

  /// The store's address for messages, without secrets: a path or a URL.
  String location();

  /// Creates the store's folders or bucket layout. Harmless if they exist.
  void create();

  /// Publishes the remaining bytes of `content` under `key`. The buffer's position is not changed
  /// and its bytes must not be changed during the call.
  void put(ObjectKey key, ByteBuffer content);

  /// Reads the whole object. For objects that fit in memory: everything but packs. One longer than
  /// [#MAX_GET_BYTES] is `Corrupt`.
  byte[] get(ObjectKey key);

  /// Fills the remaining bytes of `target` from the object's bytes at `offset`; afterwards its
  /// position is its limit. If it fails, position and contents of `target` are undefined. A range
  /// of no bytes is valid wherever it lies within the object, its end included.
  void read(ObjectKey key, long offset, ByteBuffer target);

  /// The object's length in bytes.
  long length(ObjectKey key);

  /// Whether the object exists.
  boolean exists(ObjectKey key);

  /// Calls `each` for every object of `type`, in no particular order.
  void list(ObjectType type, Consumer<ObjectInfo> each);

  /// Removes the object if it is there.
  void delete(ObjectKey key);

  /// How many calls at once keep it busy; more only cost memory. Two suffice for a disk.
  default int connections() {
    return LOCAL_CONNECTIONS;
  }

  /// As [#read], for bytes that are likely to be wanted again and others near them as well, as
  /// those of trees: a cache may fetch and keep the whole object.
  default void readAndKeep(ObjectKey key, long offset, ByteBuffer target) {
    read(key, offset, target);
  }

  /// As [#put], for an object that is likely to be read again from here, as a pack of trees.
  default void putAndKeep(ObjectKey key, ByteBuffer content) {
    put(key, content);
  }

  /// Makes a store that protects objects from being deleted for a time protect this one anew from
  /// now on. Does nothing elsewhere.
  default void extendRetention(ObjectKey key) {}

  /// Whether [#extendRetention] does anything.
  default boolean hasRetention() {
    return false;
  }

  /// Until when the store keeps the object from being deleted, whoever asks for it; empty if it
  /// does not, if it does not say, or if there is no such object. [Instant#MAX]: until somebody
  /// lifts that.
  default Optional<Instant> protectedUntil(ObjectKey key) {
    return Optional.empty();
  }

  /// Removes what the store keeps of objects that were deleted or replaced, where it does so: older
  /// versions. Those that it protects stay, and are told.
  ///
  /// @return how many versions were removed, and which stay until when
  default ErasedVersions eraseOldVersions() {
    return ErasedVersions.NONE;
  }

  @Override
  void close();
}
