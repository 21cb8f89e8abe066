package dev.holdfast.repository.key;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.crypto.UserKey;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.error.HoldfastException.WrongKey;
import dev.holdfast.repository.format.KeyFile;
import dev.holdfast.repository.format.KeyFileCodec;
import dev.holdfast.repository.format.KeyId;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The keys of a repository: each is a file that wraps the one master key with a password (format
/// sheet, section 2).
///
/// A new key is stored, read back and opened before an old one is removed, so that whatever fails,
/// at whatever moment, a password that opened the repository before still opens it, or the new one
/// does. Passwords belong to the caller, who wipes them. Callers hold the lock that the operation
/// needs (section 10). Not thread-safe.
public final class Keyring {
  /// How many keys are tried with a password, as restic does: each try costs a second of CPU.
  public static final int MAX_KEYS_TRIED = 20;

  /// Longest key file that is read: restic's have half a kilobyte.
  public static final int MAX_FILE_BYTES = 64 * 1024;

  /// Up to 0.16 restic reads that layout as any other, since 0.18 not at all.
  private static final String NO_KEYS_HINT =
      "if its folders are called 'key' and 'snapshot', it is in the layout that restic had in S3"
          + " until 2017: restic 0.16 turns it into the present one with 'migrate s3_layout', or"
          + " copies it with 'copy'; if the folder 'keys' was lost, put it back from a copy";

  private final ObjectStore store;
  private final KeyringOptions options;
  private final Clock clock;
  private final SecureRandom random;

  public Keyring(ObjectStore store, KeyringOptions options, Clock clock, SecureRandom random) {
    this.store = store;
    this.options = options;
    this.clock = clock;
    this.random = random;
  }

  /// Opens the master key with `password`, trying `hint` first. A key file that cannot be read does
  /// not keep the others from being tried.
  ///
  /// @throws WrongKey if no key opens with it
  /// @throws HoldfastException of the first unreadable key, if no other opens
  public Opened unlock(byte[] password, Optional<KeyId> hint) {
    return unlock(password, hint, files());
  }

  /// The same, without trying what `memory` knows.
  public Opened unlock(
      byte[] password, Optional<KeyId> hint, List<ObjectInfo> files, KeyMemory memory) {
    List<KeyId> wanted =
        files.stream().map(Keyring::id).filter(id -> hint.map(id::equals).orElse(true)).toList();
    Optional<Opened> before = memory.find(password, wanted);
    if (before.isPresent()) {
      return before.get();
    }
    Opened opened = unlock(password, hint, files);
    memory.keep(password, opened);
    return opened;
  }

  /// The same, with what [#files] gave.
  public Opened unlock(byte[] password, Optional<KeyId> hint, List<ObjectInfo> files) {
    requireUsable(password);
    if (files.isEmpty()) {
      throw new WrongKey(
          "there is no key in %s, so that no password opens it".formatted(store.location()),
          NO_KEYS_HINT);
    }
    int tried = 0;
    @Nullable HoldfastException unreadable = null;
    for (ObjectInfo file : candidates(files, hint)) {
      if (tried++ == MAX_KEYS_TRIED) {
        throw new WrongKey(
            "none of the first " + MAX_KEYS_TRIED + " keys opens with this password",
            "name the key with --key-hint");
      }
      try {
        KeyId id = id(file);
        Optional<MasterKey> opened = open(read(store, id, file.lengthBytes()), password);
        if (opened.isPresent()) {
          return new Opened(opened.get(), id);
        }
      } catch (Corrupt | Unsupported e) {
        unreadable = unreadable == null ? e : unreadable;
      } catch (NotFound e) {
        // Somebody else removed it since it was listed.
      }
    }
    if (unreadable instanceof Corrupt damaged) {
      throw new Corrupt(
          (files.size() == 1
                  ? "the only key cannot be used: "
                  : "no other key opens with this password, and ")
              + damaged.getMessage(),
          (files.size() == 1 ? "" : "check the password; if it is right, its key is this one: ")
              + "put the file back from a copy of the repository",
          damaged);
    }
    if (unreadable != null) {
      throw unreadable;
    }
    throw new WrongKey(
        "wrong password, or no key for it in " + store.location(),
        "check the password and the repository");
  }

  /// Stores a new key that opens `masterKey` with `password`, and checks that it does. When this
  /// fails, the key was taken away again, as far as the store let it.
  public KeyId add(MasterKey masterKey, byte[] password) {
    requireUsable(password);
    byte[] bytes = KeyFileCodec.encode(wrap(masterKey, password));
    KeyId id = new KeyId(Hasher.of(bytes));
    try {
      store.put(objectKey(id), ByteBuffer.wrap(bytes));
      verify(id, masterKey, password);
    } catch (HoldfastException e) {
      withdraw(id, e);
      throw e;
    }
    return id;
  }

  private void withdraw(KeyId id, HoldfastException reason) {
    try {
      store.delete(objectKey(id));
    } catch (HoldfastException e) {
      reason.addSuppressed(e);
    }
  }

  /// Removes a key.
  ///
  /// @param inUse the key this process opened the repository with, which is not removed
  /// @throws Rejected if it is the key in use, or the last
  /// @throws NotFound if there is no such key
  public void remove(KeyId key, KeyId inUse) {
    if (key.equals(inUse)) {
      throw new Rejected(
          "key " + key.hash().toShortHex() + " is in use and is not removed",
          "open the repository with another password to remove it");
    }
    if (!store.exists(objectKey(key))) {
      throw new NotFound(
          "there is no key " + key.hash().toShortHex(), "'holdfast key list' shows them");
    }
    // The key in use may have been removed by somebody else meanwhile: then this may be the last.
    if (ids().stream().allMatch(key::equals)) {
      throw new Rejected(
          "key " + key.hash().toShortHex() + " is the last one", "add another one first");
    }
    store.delete(objectKey(key));
  }

  /// Replaces the key that `current` was opened with, and returns the new one. The master key stays
  /// as it is.
  ///
  /// @throws Rejected if the store does not let the old key be removed, an append-only one for
  ///   example: then both passwords open the repository
  public KeyId changePassword(Opened current, byte[] newPassword) {
    KeyId added = add(current.masterKey(), newPassword);
    try {
      store.delete(objectKey(current.keyId()));
    } catch (Rejected | InputOutput e) {
      throw new Rejected(
          "the new password opens the repository, but so does the old one: " + e.getMessage(),
          "remove key " + current.keyId().hash().toShortHex() + " where that is allowed");
    }
    return added;
  }

  /// All keys that can be read, oldest first.
  ///
  /// @param unreadable told of each of the others
  public List<StoredKey> list(Consumer<HoldfastException> unreadable) {
    List<StoredKey> keys = new ArrayList<>();
    for (KeyId id : ids()) {
      try {
        keys.add(new StoredKey(id, read(store, id)));
      } catch (Corrupt | Unsupported e) {
        unreadable.accept(e);
      } catch (NotFound e) {
        // Somebody else removed it since it was listed.
      }
    }
    keys.sort(
        Comparator.comparing((StoredKey key) -> key.file().created().toInstant())
            .thenComparing(StoredKey::id));
    return keys;
  }

  /// The ids of all keys, ascending.
  public List<KeyId> ids() {
    return files().stream().map(Keyring::id).sorted().toList();
  }

  /// The files of all keys.
  public List<ObjectInfo> files() {
    List<ObjectInfo> files = new ArrayList<>();
    store.list(ObjectType.KEY, files::add);
    return files;
  }

  /// In the order of their ids, the one of `hint` first.
  private static List<ObjectInfo> candidates(List<ObjectInfo> files, Optional<KeyId> hint) {
    return files.stream()
        .sorted(
            Comparator.comparing((ObjectInfo file) -> !hint.equals(Optional.of(id(file))))
                .thenComparing(Keyring::id))
        .toList();
  }

  private static KeyId id(ObjectInfo file) {
    return new KeyId(file.key().hash());
  }

  /// Tries a key; empty if the password is not its password.
  private Optional<MasterKey> open(KeyFile file, byte[] password) {
    ScryptParameters parameters = new ScryptParameters(file.n(), file.r(), file.p());
    byte[] data = file.data();
    try (MasterKey userKey = UserKey.derive(password, file.salt(), parameters);
        Sealer sealer = new Sealer(userKey, random)) {
      byte[] plain;
      try {
        plain = sealer.open(data);
      } catch (Corrupt e) {
        // The file is as it was written, its name says so: it is the password that is wrong.
        return Optional.empty();
      }
      try {
        return Optional.of(MasterKey.fromJson(plain));
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    }
  }

  private KeyFile wrap(MasterKey masterKey, byte[] password) {
    byte[] salt = new byte[UserKey.SALT_BYTES];
    random.nextBytes(salt);
    ScryptParameters scrypt = options.scrypt();
    byte[] plain = masterKey.toJson();
    try (MasterKey userKey = UserKey.derive(password, salt, scrypt);
        Sealer sealer = new Sealer(userKey, random)) {
      return KeyFile.of(
          OffsetDateTime.now(clock).truncatedTo(ChronoUnit.MICROS),
          options.username(),
          options.hostname(),
          scrypt.n(),
          scrypt.r(),
          scrypt.p(),
          salt,
          sealer.seal(plain));
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private void verify(KeyId id, MasterKey expected, byte[] password) {
    boolean same;
    try (MasterKey read = open(read(store, id), password).orElse(null)) {
      same = read != null && read.isSameKey(expected);
    }
    if (!same) {
      throw new Corrupt("key " + id.hash().toShortHex() + " does not open after it was stored");
    }
  }

  /// Reads a key file, and compares it with its name.
  ///
  /// @throws NotFound if there is none
  /// @throws Corrupt if it is not what its name says, or no key file
  public static KeyFile read(ObjectStore store, KeyId id) {
    return read(store, id, store.length(objectKey(id)));
  }

  private static KeyFile read(ObjectStore store, KeyId id, long length) {
    ObjectKey key = objectKey(id);
    if (length > MAX_FILE_BYTES) {
      throw new Corrupt(key + " has " + length + " bytes, more than a key file can have");
    }
    byte[] bytes = store.get(key);
    if (!Hasher.of(bytes).equals(id.hash())) {
      throw new Corrupt(
          key + " does not have the content its name says",
          "no password opens it; 'holdfast key remove %s' removes it"
              .formatted(id.hash().toShortHex()),
          null);
    }
    return KeyFileCodec.decode(bytes);
  }

  private void requireUsable(byte[] password) {
    if (password.length == 0 && !options.emptyPasswordAllowed()) {
      throw new Rejected("the password is empty", "give a password");
    }
  }

  private static ObjectKey objectKey(KeyId id) {
    return new ObjectKey(ObjectType.KEY, id.hash());
  }
}
