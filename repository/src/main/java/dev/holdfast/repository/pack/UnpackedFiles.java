package dev.holdfast.repository.pack;

import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;

/// The repository's small encrypted files: config, snapshots, indexes, locks (format sheet,
/// sections 3, 5, 6, 7 and 10). Thread-safe.
@SuppressWarnings("DoNotCallSuggester")
public final class UnpackedFiles {
  /// The plain content of a file: its name checked against its bytes, decrypted, decompressed.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.NotFound if there is none
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is damaged
  public byte[] load(ObjectKey key) {
    throw new UnsupportedOperationException("not written yet: " + key);
  }

  /// Compresses, encrypts, verifies and publishes a file; returns its name. Durable on return.
  public ObjectKey save(ObjectType type, byte[] plain) {
    throw new UnsupportedOperationException("not written yet: " + type + plain.length);
  }
}
