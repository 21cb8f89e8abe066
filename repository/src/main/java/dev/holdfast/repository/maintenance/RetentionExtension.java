package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.parallel.ParallelLoading;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.util.ArrayList;
import java.util.List;

/// Protects anew what a repository still needs, in stores that protect objects for a time only.
///
/// A pack is written once and may be needed for years, by snapshots that came much later: without
/// this it would lose its protection before they do. Packs that the index does not name are left to
/// lose theirs.
public final class RetentionExtension {
  private RetentionExtension() {}

  /// Goes through all objects but locks; returns how many there were, 0 if the store protects none.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Cancelled if the thread is interrupted
  public static int extend(Repository repository) {
    ObjectStore store = repository.store();
    if (!store.hasRetention()) {
      return 0;
    }
    List<ObjectKey> needed = new ArrayList<>();
    for (ObjectType type : ObjectType.values()) {
      switch (type) {
        case CONFIG, KEY, SNAPSHOT, INDEX, RECORD ->
            store.list(type, each -> needed.add(each.key()));
        case PACK -> repository.index().forEachPack(pack -> needed.add(PackReader.key(pack)));
        case LOCK -> {}
      }
    }
    ParallelLoading.forEach(needed, store.connections(), store::extendRetention);
    return needed.size();
  }
}
