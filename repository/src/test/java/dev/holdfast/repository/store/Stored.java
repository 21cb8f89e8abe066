package dev.holdfast.repository.store;

import dev.holdfast.repository.format.Hash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Short words for tests of stores.
final class Stored {
  private Stored() {}

  /// The same bytes for the same seed and length.
  static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static ObjectKey key(ObjectType type, byte[] bytes) {
    try {
      return new ObjectKey(type, Hash.read(MessageDigest.getInstance("SHA-256").digest(bytes), 0));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static ObjectKey put(ObjectStore store, ObjectType type, byte[] bytes) {
    ObjectKey key = key(type, bytes);
    store.put(key, ByteBuffer.wrap(bytes));
    return key;
  }

  static byte[] read(ObjectStore store, ObjectKey key, long offset, int length) {
    byte[] bytes = new byte[length];
    store.read(key, offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  static List<ObjectInfo> list(ObjectStore store, ObjectType type) {
    List<ObjectInfo> infos = new ArrayList<>();
    store.list(type, infos::add);
    return infos;
  }

  static byte[] slice(byte[] bytes, int offset, int length) {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }
}
