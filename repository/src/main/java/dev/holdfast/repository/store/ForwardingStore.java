package dev.holdfast.repository.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// Passes every call on to the store below, for decorators that change some of them. As thread-safe
/// as that store, which it closes.
abstract class ForwardingStore implements ObjectStore {
  /// The one below.
  protected final ObjectStore store;

  ForwardingStore(ObjectStore store) {
    this.store = store;
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void create() {
    store.create();
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    store.put(key, content);
  }

  @Override
  public void putAndKeep(ObjectKey key, ByteBuffer content) {
    store.putAndKeep(key, content);
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
  public void readAndKeep(ObjectKey key, long offset, ByteBuffer target) {
    store.readAndKeep(key, offset, target);
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
    store.delete(key);
  }

  @Override
  public int connections() {
    return store.connections();
  }

  @Override
  public void extendRetention(ObjectKey key) {
    store.extendRetention(key);
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
    return store.eraseOldVersions();
  }

  @Override
  public void close() {
    store.close();
  }
}
