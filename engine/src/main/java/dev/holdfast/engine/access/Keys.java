package dev.holdfast.engine.access;

import dev.holdfast.engine.query.ObjectPrefix;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.KeyId;
import dev.holdfast.repository.key.Keyring;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.key.StoredKey;
import dev.holdfast.repository.store.ObjectType;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Consumer;

/// The keys of an open repository, for those who manage them. Adding needs a shared lock, removing
/// and changing an exclusive one.
public final class Keys {
  private final Repository repository;
  private final Keyring keyring;

  /// @param options what new keys record
  public Keys(Repository repository, KeyringOptions options, Clock clock) {
    this.repository = repository;
    this.keyring = new Keyring(repository.store(), options, clock, new SecureRandom());
  }

  /// A key.
  ///
  /// @param current whether the repository was opened with it
  public record KeyView(
      boolean current,
      String id,
      String shortId,
      String username,
      String hostname,
      OffsetDateTime created) {}

  /// All keys that can be read, oldest first.
  ///
  /// @param unreadable told of each of the others
  public List<KeyView> list(Consumer<HoldfastException> unreadable) {
    return keyring.list(unreadable).stream().map(this::view).toList();
  }

  private KeyView view(StoredKey key) {
    return new KeyView(
        key.id().equals(repository.key().keyId()),
        key.id().toString(),
        key.id().hash().toShortHex(),
        key.file().username(),
        key.file().hostname(),
        key.file().created());
  }

  /// Adds a password; returns the id of its key.
  public String add(byte[] password) {
    return keyring.add(repository.key().masterKey(), password).toString();
  }

  /// Replaces the password that the repository was opened with; returns the id of the new key.
  public String changePassword(byte[] password) {
    return keyring.changePassword(repository.key(), password).toString();
  }

  /// Removes a key, by the start of its id; returns the whole id.
  ///
  /// @throws HoldfastException.Rejected if the repository was opened with it
  public String remove(String prefix) {
    KeyId id = new KeyId(ObjectPrefix.find(repository.store(), ObjectType.KEY, prefix).hash());
    keyring.remove(id, repository.key().keyId());
    return id.toString();
  }
}
