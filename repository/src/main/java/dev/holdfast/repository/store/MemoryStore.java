package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/// Keeps objects in memory: the reference that the contract is read from, and the store of tests.
/// Thread-safe. Closing it does not lose the objects.
public final class MemoryStore implements ObjectStore {
  private final ConcurrentMap<ObjectKey, byte[]> objects = new ConcurrentHashMap<>();

  @Override
  public String location() {
    return "memory";
  }

  @Override
  public void create() {}

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    checkInterrupt("writing", key);
    byte[] copy = new byte[content.remaining()];
    content.get(content.position(), copy);
    objects.put(key, copy);
  }

  @Override
  public byte[] get(ObjectKey key) {
    checkInterrupt("reading", key);
    byte[] object = find(key);
    if (object.length > MAX_GET_BYTES) {
      throw StoreFailure.tooLong(key, object.length);
    }
    return object.clone();
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    StoreFailure.requireOffset(offset);
    checkInterrupt("reading", key);
    byte[] object = find(key);
    if (offset > object.length - (long) target.remaining()) {
      throw StoreFailure.tooShort(key, object.length, offset, target.remaining());
    }
    target.put(object, Math.toIntExact(offset), target.remaining());
  }

  @Override
  public long length(ObjectKey key) {
    return find(key).length;
  }

  @Override
  public boolean exists(ObjectKey key) {
    return objects.containsKey(key);
  }

  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    objects.forEach((key, object) -> {
      if (key.type() == type) {
        each.accept(new ObjectInfo(key, object.length));
      }
    });
  }

  @Override
  public void delete(ObjectKey key) {
    objects.remove(key);
  }

  @Override
  public void close() {}

  private byte[] find(ObjectKey key) {
    byte[] object = objects.get(key);
    if (object == null) {
      throw StoreFailure.missing(key, location());
    }
    return object;
  }

  private static void checkInterrupt(String doing, ObjectKey key) {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted while " + doing + " " + key);
    }
  }
}
