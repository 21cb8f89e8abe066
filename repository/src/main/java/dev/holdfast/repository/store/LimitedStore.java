package dev.holdfast.repository.store;

import java.nio.ByteBuffer;
import java.util.Optional;

/// Moves no more bytes a second to and from the store below than was asked for, on the average: the
/// content of objects, not what the protocol adds.
///
/// An object is sent at once when its time has come. Ranges are read in pieces of a second's worth.
/// Small objects never wait, but what follows waits for them: a lock that could not be refreshed
/// behind a queue of packs would be taken for dead. Belongs above a [RetryingStore], whose patience
/// would be used up by the waiting otherwise, and below a [CachingStore].
///
/// An interrupt ends the waiting with [dev.holdfast.repository.error.HoldfastException.Cancelled].
/// As thread-safe as the store below, which it closes.
public final class LimitedStore extends ForwardingStore {
  /// Longer than any lock, key or config.
  static final int SMALL_BYTES = 16 * 1024;

  /// Below this a piece would cost more in requests than it moves.
  private static final int PIECE_BYTES_MIN = 64 * 1024;

  private final Optional<TransferRate> up;
  private final Optional<TransferRate> down;

  /// @param up of what is written; empty: not limited
  /// @param down of what is read; empty: not limited
  public LimitedStore(ObjectStore store, Optional<TransferRate> up, Optional<TransferRate> down) {
    super(store);
    this.up = up;
    this.down = down;
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    awaitPut(key, content);
    store.put(key, content);
  }

  @Override
  public void putAndKeep(ObjectKey key, ByteBuffer content) {
    awaitPut(key, content);
    store.putAndKeep(key, content);
  }

  private void awaitPut(ObjectKey key, ByteBuffer content) {
    up.ifPresent(rate -> await(rate, "write " + key, content.remaining()));
  }

  private static void await(TransferRate rate, String doing, int bytes) {
    if (bytes <= SMALL_BYTES) {
      rate.count(bytes);
    } else {
      rate.await(doing, bytes);
    }
  }

  /// How long it is shows only when it is there, so the waiting comes afterwards.
  @Override
  public byte[] get(ObjectKey key) {
    byte[] object = store.get(key);
    down.ifPresent(rate -> await(rate, "read " + key, object.length));
    return object;
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    readPieces(key, offset, target, (at, piece) -> store.read(key, at, piece));
  }

  @Override
  public void readAndKeep(ObjectKey key, long offset, ByteBuffer target) {
    readPieces(key, offset, target, (at, piece) -> store.readAndKeep(key, at, piece));
  }

  /// Reads a piece of an object.
  @FunctionalInterface
  private interface Reading {
    void read(long offset, ByteBuffer piece);
  }

  private void readPieces(ObjectKey key, long offset, ByteBuffer target, Reading reading) {
    if (down.isEmpty() || target.remaining() <= SMALL_BYTES) {
      int bytes = target.remaining();
      reading.read(offset, target);
      down.ifPresent(rate -> rate.count(bytes));
      return;
    }
    TransferRate rate = down.get();
    int most = Math.clamp(rate.bytesPerSecond(), PIECE_BYTES_MIN, Integer.MAX_VALUE);
    int end = target.limit();
    long at = offset;
    while (target.position() < end) {
      int length = Math.min(most, end - target.position());
      rate.await("read " + key, length);
      target.limit(target.position() + length);
      reading.read(at, target);
      target.limit(end);
      at += length;
    }
  }
}
