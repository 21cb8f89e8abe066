package dev.holdfast.repository.prune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.maintenance.CheckOptions;
import dev.holdfast.repository.maintenance.CheckReport;
import dev.holdfast.repository.maintenance.Checker;
import dev.holdfast.repository.maintenance.ReadData;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriterOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Backups of files that share some of their blobs, and prunes of what is left of them.
final class PruneScene {
  static final WriterOptions SMALL_PACKS =
      WriterOptions.DEFAULT.withPackSizeBytes(WriterOptions.MIN_PACK_BYTES);

  private final ObjectStore store;
  private final SplittableRandom random;
  private final Map<SnapshotId, List<byte[]>> contents = new LinkedHashMap<>();
  private List<byte[]> file;

  /// @param blobBytes the longest blob
  PruneScene(ObjectStore store, long seed, int blobs, int blobBytes) {
    this.store = store;
    this.random = new SplittableRandom(seed);
    this.file = SampleRepository.blobs(seed, blobs, blobBytes);
  }

  Repository open() {
    return SampleRepository.open(store);
  }

  /// Backs the file up as it is now.
  SnapshotId backUp() {
    try (Repository repository = open()) {
      SnapshotId id = SampleRepository.backUp(repository, file, SMALL_PACKS);
      contents.put(id, file);
      return id;
    }
  }

  /// Replaces a share of the file's blobs.
  PruneScene change(double share, int blobBytes) {
    List<byte[]> changed = new ArrayList<>(file);
    for (int i = 0; i < changed.size(); i++) {
      if (random.nextDouble() < share) {
        changed.set(i, SampleRepository.blobs(random.nextLong(1 << 30), 1, blobBytes).getFirst());
      }
    }
    file = changed;
    return this;
  }

  void forget(SnapshotId snapshot) {
    store.delete(new ObjectKey(ObjectType.SNAPSHOT, snapshot.hash()));
    contents.remove(snapshot);
  }

  static Pruner pruner(Repository repository, PruneOptions options) {
    return new Pruner(
        repository, Optional.empty(), Duration.ZERO, options, SMALL_PACKS, event -> {});
  }

  PruneResult prune(PruneOptions options) {
    try (Repository repository = open()) {
      Pruner pruner = pruner(repository, options);
      pruner.plan(Set.of());
      return pruner.execute();
    }
  }

  PrunePlan plan(PruneOptions options) {
    try (Repository repository = open()) {
      return pruner(repository, options).plan(Set.of());
    }
  }

  /// Every snapshot that was not forgotten reads back as it was.
  void assertAllThere() {
    try (Repository repository = open()) {
      contents.forEach((id, blobs) ->
          assertThat(SampleRepository.readBack(repository, id))
              .isEqualTo(SampleRepository.join(blobs)));
    }
  }

  /// `check` reads everything and finds no error.
  CheckReport assertHealthy() {
    try (Repository repository = open()) {
      CheckReport report =
          new Checker(repository, new SecureRandom())
              .check(
                  CheckOptions.DEFAULT.withReadData(new ReadData.All()).withCountUnused(true),
                  event -> {});
      assertThat(report.errors()).as("%s", report.findings()).isZero();
      return report;
    }
  }

  List<ObjectKey> packs() {
    List<ObjectKey> keys = new ArrayList<>();
    store.list(ObjectType.PACK, each -> keys.add(each.key()));
    return keys;
  }
}
