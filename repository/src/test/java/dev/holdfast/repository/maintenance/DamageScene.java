package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.KeyId;
import dev.holdfast.repository.format.LockFile;
import dev.holdfast.repository.format.LockFileCodec;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.key.Keyring;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A repository on disk that has two of each kind of file, the first of each being what the first
/// snapshot needs, the second what the second needs.
final class DamageScene {
  /// Kinds of files, packs of trees and of data apart.
  enum Kind {
    CONFIG,
    KEY,
    LOCK,
    SNAPSHOT,
    INDEX,
    TREE_PACK,
    DATA_PACK
  }

  static final byte[] OTHER_PASSWORD = "other".getBytes(StandardCharsets.UTF_8);
  static final List<byte[]> FIRST = SampleRepository.blobs(1, 3, 4000);
  static final List<byte[]> SECOND = SampleRepository.blobs(2, 3, 4000);

  private final Path root;
  private final SnapshotId first;
  private final SnapshotId second;
  private final Map<Kind, ObjectKey> firstOf = new EnumMap<>(Kind.class);
  private final Map<Kind, ObjectKey> secondOf = new EnumMap<>(Kind.class);

  DamageScene(Path root) {
    this.root = root;
    LocalStore store = new LocalStore(root);
    store.create();
    try (Repository repository = SampleRepository.init(store, 2)) {
      KeyId own = repository.key().keyId();
      firstOf.put(Kind.KEY, new ObjectKey(ObjectType.KEY, own.hash()));
      KeyId added =
          new Keyring(
                  store,
                  new KeyringOptions("host", "user", new ScryptParameters(1024, 8, 1), false),
                  Clock.systemUTC(),
                  new SecureRandom())
              .add(repository.key().masterKey(), OTHER_PASSWORD);
      secondOf.put(Kind.KEY, new ObjectKey(ObjectType.KEY, added.hash()));
      firstOf.put(Kind.LOCK, lock(repository, 1));
      secondOf.put(Kind.LOCK, lock(repository, 2));
      first = SampleRepository.backUp(repository, FIRST, WriterOptions.DEFAULT);
      note(repository, firstOf, first);
      second = SampleRepository.backUp(repository, SECOND, WriterOptions.DEFAULT);
      note(repository, secondOf, second);
    }
    firstOf.put(Kind.CONFIG, ObjectKey.CONFIG);
  }

  private static ObjectKey lock(Repository repository, int pid) {
    OffsetDateTime time = OffsetDateTime.parse("2026-03-01T10:00:00Z");
    LockFile lock = new LockFile(time, false, "elsewhere", "user", pid, 0, 0);
    return repository.files().save(ObjectType.LOCK, LockFileCodec.encode(lock));
  }

  private void note(Repository repository, Map<Kind, ObjectKey> noted, SnapshotId snapshot) {
    noted.put(Kind.SNAPSHOT, new ObjectKey(ObjectType.SNAPSHOT, snapshot.hash()));
    repository
        .store()
        .list(
            ObjectType.INDEX,
            each -> {
              if (!each.key().equals(firstOf.get(Kind.INDEX))) {
                noted.put(Kind.INDEX, each.key());
              }
            });
    repository
        .index()
        .forEachPack(pack -> {
          ObjectKey key = new ObjectKey(ObjectType.PACK, pack.hash());
          if (!firstOf.containsValue(key)) {
            Kind kind =
                switch (repository.index().blobsOf(pack).getFirst().handle().type()) {
                  case TREE -> Kind.TREE_PACK;
                  case DATA -> Kind.DATA_PACK;
                };
            noted.put(kind, key);
          }
        });
  }

  SnapshotId first() {
    return first;
  }

  SnapshotId second() {
    return second;
  }

  ObjectKey firstOf(Kind kind) {
    return firstOf.get(kind);
  }

  ObjectKey secondOf(Kind kind) {
    return secondOf.get(kind);
  }

  Repository open(Path copy, byte[] password) {
    return Repository.open(new LocalStore(copy), password, OpenOptions.DEFAULT);
  }

  /// Copies the files, and no empty folders.
  void copyTo(Path copy) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(Files::isRegularFile).forEach(files::add);
    }
    for (Path file : files) {
      Path to = copy.resolve(root.relativize(file));
      Files.createDirectories(to.getParent());
      Files.write(to, Files.readAllBytes(file));
    }
  }

  static byte[] junk(int length) {
    byte[] junk = new byte[length];
    new SplittableRandom(length).nextBytes(junk);
    return junk;
  }

  static Hash otherName() {
    return Hash.read(junk(Hash.BYTES), 0);
  }
}
