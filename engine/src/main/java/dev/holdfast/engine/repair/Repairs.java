package dev.holdfast.engine.repair;

import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.ObjectPrefix;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.UnreadableSnapshot;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.repair.FormatUpgrade;
import dev.holdfast.repository.repair.IndexRepair;
import dev.holdfast.repository.repair.Keepsake;
import dev.holdfast.repository.repair.PackRepair;
import dev.holdfast.repository.repair.SnapshotRepair;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriterOptions;
import java.util.ArrayList;
import java.util.List;

/// The repairs of an open repository that is locked exclusively.
public final class Repairs {
  private final Repository repository;
  private final WriterOptions writing;
  private final PackRepair packs;
  private final SnapshotRepair snapshots;

  /// @param writing how blobs are written, apart from the lock
  public Repairs(RepositoryAccess access, WriterOptions writing) {
    this.repository = access.repository();
    this.writing = writing.withGate(access.gate());
    packs = new PackRepair(repository, this.writing);
    snapshots = new SnapshotRepair(repository, this.writing);
  }

  public IndexRepair index() {
    return new IndexRepair(repository, writing.gate());
  }

  public FormatUpgrade upgrade() {
    return new FormatUpgrade(repository, writing.gate());
  }

  /// Says what can be saved of the packs; changes nothing.
  ///
  /// @param names whole ids, or starts of ids of packs that are in the store
  public List<PackRepair.Salvage> planPacks(List<String> names) {
    List<PackId> ids = new ArrayList<>();
    for (String name : names) {
      Hash whole = Hash.parse(name).orElse(null);
      ids.add(
          new PackId(
              whole == null
                  ? ObjectPrefix.find(repository.store(), ObjectType.PACK, name).hash()
                  : whole));
    }
    return packs.plan(ids);
  }

  /// Does what [#planPacks] said.
  public void repairPacks(Keepsake keepsake) {
    packs.execute(keepsake);
  }

  /// Says what becomes of the snapshots; changes nothing.
  public List<SnapshotRepair.Plan> planSnapshots(List<SnapshotView> views) {
    return snapshots.plan(views.stream().map(SnapshotView::stored).toList());
  }

  /// Does what [#planSnapshots] said; returns how many snapshots were changed or removed.
  public int repairSnapshots(List<SnapshotRepair.Plan> plans, boolean forget, Keepsake keepsake) {
    return snapshots.execute(plans, forget, keepsake);
  }

  /// The first digits of the ids of the snapshot files that cannot be read.
  public List<String> unreadableSnapshots() {
    return repository.listSnapshots().unreadable().stream()
        .map(damaged -> damaged.id().hash().toShortHex())
        .toList();
  }

  /// Removes those snapshot files that cannot be read and are among `names`; returns how many.
  ///
  /// @param names starts of ids
  public int removeUnreadable(List<String> names, Keepsake keepsake) {
    int removed = 0;
    for (UnreadableSnapshot damaged : repository.listSnapshots().unreadable()) {
      if (names.stream().anyMatch(name -> damaged.id().toString().startsWith(name))) {
        snapshots.remove(damaged.id(), keepsake);
        removed++;
      }
    }
    return removed;
  }
}
