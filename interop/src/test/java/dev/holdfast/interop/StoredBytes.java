package dev.holdfast.interop;

import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Everything that is in a repository, decrypted and decompressed, whether anything refers to it or
/// not: every pack by its own header, every index, snapshot and record.
final class StoredBytes {
  private StoredBytes() {}

  /// The objects in which a text is, such as `data/ab/… tree 1234`.
  static List<String> holding(Workplace work, String text) {
    try (LocalStore store = new LocalStore(work.restic().repository())) {
      return holding(store, work.password(), text);
    }
  }

  /// The same of a repository in any store.
  static List<String> holding(ObjectStore store, String password, String text) {
    List<String> found = new ArrayList<>();
    try (Repository repository =
        Repository.open(store, password.getBytes(StandardCharsets.UTF_8), OpenOptions.DEFAULT)) {
      for (ObjectType type : List.of(ObjectType.INDEX, ObjectType.SNAPSHOT, ObjectType.RECORD)) {
        List<ObjectInfo> objects = new ArrayList<>();
        store.list(type, objects::add);
        for (ObjectInfo object : objects) {
          if (contains(repository.files().load(object.key()), text)) {
            found.add(object.key().path());
          }
        }
      }
      List<ObjectInfo> packs = new ArrayList<>();
      store.list(ObjectType.PACK, packs::add);
      for (ObjectInfo pack : packs) {
        PackId id = new PackId(pack.key().hash());
        for (PackedBlob blob : repository.packs().readHeader(id, pack.lengthBytes())) {
          if (contains(repository.packs().readBlob(id, blob), text)) {
            found.add(pack.key().path() + " " + blob.handle());
          }
        }
      }
    }
    return found;
  }

  private static boolean contains(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
  }
}
