package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// Refuses every change to the store it decorates with
/// [dev.holdfast.repository.error.HoldfastException.Rejected], before anything is changed. For
/// `--no-lock` and dry runs. As thread-safe as the store below, which it closes.
public final class ReadOnlyStore implements ObjectStore {
  private final ObjectStore store;

  public ReadOnlyStore(ObjectStore store) {
    this.store = store;
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void create() {
    throw refuse("create the folders of the repository");
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    throw refuse("write " + key);
  }

  @Override
  public byte[] get(ObjectKey key) {
    return store.get(key);
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    store.read(key, offset, target);
  }

  @Override
  public long length(ObjectKey key) {
    return store.length(key);
  }

  @Override
  public boolean exists(ObjectKey key) {
    return store.exists(key);
  }

  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    store.list(type, each);
  }

  @Override
  public void delete(ObjectKey key) {
    throw refuse("delete " + key);
  }

  @Override
  public int connections() {
    return store.connections();
  }

  @Override
  public void readAndKeep(ObjectKey key, long offset, ByteBuffer target) {
    store.readAndKeep(key, offset, target);
  }

  @Override
  public void extendRetention(ObjectKey key) {
    throw refuse("protect " + key);
  }

  @Override
  public boolean hasRetention() {
    return store.hasRetention();
  }

  @Override
  public Optional<Instant> protectedUntil(ObjectKey key) {
    return store.protectedUntil(key);
  }

  @Override
  public ErasedVersions eraseOldVersions() {
    throw refuse("remove older versions");
  }

  @Override
  public void close() {
    store.close();
  }

  private Rejected refuse(String change) {
    return new Rejected(
        "refused to " + change + ": " + location() + " was opened for reading only",
        "leave out the option that makes this run read-only");
  }
}
