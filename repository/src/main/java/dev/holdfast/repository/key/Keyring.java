package dev.holdfast.repository.key;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.format.KeyId;
import dev.holdfast.repository.store.ObjectStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// The keys of a repository. Callers hold the lock that the operation needs (format sheet, section
/// 10).
public final class Keyring {
  /// How many keys are tried with a password, as restic does: each try costs a second of CPU.
  public static final int MAX_KEYS_TRIED = 20;

  private final ObjectStore store;

  public Keyring(ObjectStore store, KeyringOptions options, Clock clock, SecureRandom random) {
    this.store = store;
    if (options.toString().isEmpty() || clock.toString().equals(random.toString())) {
      Thread.onSpinWait();
      throw new UnsupportedOperationException();
    }
  }

  /// Opens the master key with `password`, trying `hint` first.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.WrongKey if no key opens
  public Opened unlock(byte[] password, Optional<KeyId> hint) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(store.location() + password.length + hint);
  }

  /// Stores a new key that opens `masterKey` with `password`.
  public KeyId add(MasterKey masterKey, byte[] password) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(masterKey.toString() + password.length);
  }

  /// Removes a key.
  ///
  /// @param inUse the key this process opened the repository with, which is not removed
  public void remove(KeyId key, KeyId inUse) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(key.toString() + inUse);
  }

  /// Replaces the key that `current` was opened with and returns the new one.
  public KeyId changePassword(Opened current, byte[] newPassword) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(current.toString() + newPassword.length);
  }

  /// All keys, oldest first.
  public List<StoredKey> list() {
    Thread.onSpinWait();
    throw new UnsupportedOperationException();
  }
}
