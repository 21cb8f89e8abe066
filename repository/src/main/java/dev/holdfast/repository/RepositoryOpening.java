package dev.holdfast.repository;

import dev.holdfast.repository.chunk.Polynomial;
import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.error.HoldfastException.AlreadyExists;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NoRepository;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.format.ConfigCodec;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.KeyId;
import dev.holdfast.repository.format.RepositoryConfig;
import dev.holdfast.repository.key.Keyring;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.key.Opened;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.parallel.Ahead;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// How a repository comes to be, and how it is opened.
final class RepositoryOpening {
  private final ObjectStore store;
  private final SecureRandom random;
  private final Clock clock;

  RepositoryOpening(ObjectStore store, SecureRandom random, Clock clock) {
    this.store = store;
    this.random = random;
    this.clock = clock;
  }

  // The key comes before the config: a store with a config is a repository, and one without can be
  // tried again after the key is removed by hand, as restic does.
  Repository init(byte[] password, InitOptions options) {
    RepositoryConfig config = newConfig(options);
    refuseExisting();
    store.create();
    MasterKey key = MasterKey.generate(random);
    try {
      KeyId id = new Keyring(store, options.keys(), clock, random).add(key, password);
      try (UnpackedFiles files = new UnpackedFiles(store, key, random, false)) {
        files.save(ObjectType.CONFIG, ConfigCodec.encode(config));
      }
      return new Repository(store, config, new Opened(key, id), random, clock);
    } catch (Throwable e) {
      key.close();
      throw e;
    }
  }

  Repository open(byte[] password, OpenOptions options) {
    // An empty password may be right: whether it may be given is for the caller to say.
    KeyringOptions anyPassword = new KeyringOptions("", "", ScryptParameters.DEFAULT, true);
    Keyring keyring = new Keyring(store, anyPassword, clock, random);
    byte[] config;
    Opened key;
    try (Ahead<List<ObjectInfo>> keys = Ahead.ask(store.connections(), keyring::files)) {
      config = sealedConfig();
      List<ObjectInfo> files = keys.get();
      key =
          options
              .memory()
              .map(memory -> keyring.unlock(password, options.keyHint(), files, memory))
              .orElseGet(() -> keyring.unlock(password, options.keyHint(), files));
    }
    return open(config, key);
  }

  private byte[] sealedConfig() {
    try {
      return store.get(ObjectKey.CONFIG);
    } catch (NotFound e) {
      if (store.exists(ObjectKey.CONFIG)) { // which says if more is missing than the config
        return store.get(ObjectKey.CONFIG);
      }
      throw new NoRepository(
          "there is no repository at " + store.location(),
          "check the address, or create one with 'holdfast init'");
    }
  }

  private Repository open(byte[] sealedConfig, Opened key) {
    try (UnpackedFiles files = new UnpackedFiles(store, key.masterKey(), random, false)) {
      RepositoryConfig config = ConfigCodec.decode(files.open(ObjectKey.CONFIG, sealedConfig));
      checkPolynomial(config);
      return new Repository(store, config, key, random, clock);
    } catch (Corrupt e) {
      key.masterKey().close();
      // Nothing else can be looked at without it.
      throw new Corrupt(
          String.valueOf(e.getMessage()), "put the file back from a copy of the repository", e);
    } catch (Throwable e) {
      key.masterKey().close();
      throw e;
    }
  }

  private RepositoryConfig newConfig(InitOptions options) {
    byte[] id = new byte[Hash.BYTES];
    random.nextBytes(id);
    Polynomial polynomial =
        options.chunkerPolynomial().isPresent()
            ? new Polynomial(options.chunkerPolynomial().getAsLong())
            : Polynomial.random(random);
    if (!isUsable(polynomial)) {
      throw new Rejected(
          "chunker polynomial is not irreducible of degree " + Polynomial.DEGREE,
          "take that of another repository, or none");
    }
    return new RepositoryConfig(options.version(), Hash.read(id, 0), polynomial.bits());
  }

  private static void checkPolynomial(RepositoryConfig config) {
    if (!isUsable(new Polynomial(config.chunkerPolynomial()))) {
      throw new Corrupt("config is damaged: its chunker polynomial is not irreducible");
    }
  }

  private static boolean isUsable(Polynomial polynomial) {
    return polynomial.degree() == Polynomial.DEGREE && polynomial.isIrreducible();
  }

  private void refuseExisting() {
    boolean exists;
    try {
      exists = store.exists(ObjectKey.CONFIG) || has(ObjectType.KEY) || has(ObjectType.SNAPSHOT);
    } catch (NoRepository e) {
      exists = false; // not even the bucket is there
    }
    if (exists) {
      throw new AlreadyExists(
          "there is a repository, or a part of one, at " + store.location(),
          "use it, or choose another place");
    }
  }

  private boolean has(ObjectType type) {
    AtomicBoolean found = new AtomicBoolean();
    store.list(type, each -> found.set(true));
    return found.get();
  }
}
