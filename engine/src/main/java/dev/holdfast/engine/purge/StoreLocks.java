package dev.holdfast.engine.purge;

import dev.holdfast.engine.query.ContentPacks;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Until when the store itself keeps what a snapshot holds, whatever anybody removes: objects under
/// a lock of S3. One thread at a time.
public final class StoreLocks {
  private final Repository repository;
  private final Map<PackId, Optional<Instant>> known = new HashMap<>();

  public StoreLocks(Repository repository) {
    this.repository = repository;
  }

  /// The end of the last lock among the snapshot's object and the packs in which the content lies
  /// that is to be erased; [Instant#MAX] if it has none. Empty if the snapshot's object has no
  /// lock: then nobody asked for any when it was made.
  public Optional<Instant> of(Holdings.Holder holder) {
    Hash id = holder.snapshot().stored().id().hash();
    Optional<Instant> last =
        repository.store().protectedUntil(new ObjectKey(ObjectType.SNAPSHOT, id));
    if (last.isEmpty()) {
      return last;
    }
    ContentPacks packs = new ContentPacks(repository);
    holder.paths().forEach(path -> packs.add(new SnapshotPath(holder.snapshot(), path)));
    for (PackId pack : packs.packs()) {
      Optional<Instant> its =
          known.computeIfAbsent(
              pack,
              _ -> repository.store().protectedUntil(new ObjectKey(ObjectType.PACK, pack.hash())));
      if (its.isPresent() && its.get().isAfter(last.get())) {
        last = its;
      }
    }
    return last;
  }
}
