package dev.holdfast.repository.copy;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.index.IdTable;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Copies snapshots with all that they need. Used once, by one thread.
///
/// *Order*: the blobs of some snapshots, then the index, then these snapshots: broken off at any
/// moment, the other repository has whole snapshots and at most blobs that nothing needs, which the
/// next copy finds as far as an index names them.
///
/// *Memory*: both indexes, 82 bytes for each tree that was seen, and what [BlobTransfer] and
/// [RepositoryWriter] hold.
public final class SnapshotCopier {
  /// Snapshots are saved when this much was stored for them and this much time has gone by, as
  /// restic does: each time leaves packs that are not full.
  private static final int BATCH_PACKS = 100;

  private static final Duration BATCH_TIME = Duration.ofMinutes(1);

  private final Repository source;
  private final Repository target;
  private final WriterOptions options;
  private final InstantSource clock;
  private final CopyObserver observer;
  private final Function<StoredSnapshot, Optional<String>> refusal;
  private final IdTable seenTrees = new IdTable();
  private int copied;
  private int skipped;
  private int refused;

  /// @param options how blobs are written; its gate watches the target's lock
  /// @param refusal why a snapshot is not to be copied; empty if it is
  public SnapshotCopier(
      Repository source,
      Repository target,
      WriterOptions options,
      InstantSource clock,
      CopyObserver observer,
      Function<StoredSnapshot, Optional<String>> refusal) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.clock = clock;
    this.observer = observer;
    this.refusal = refusal;
  }

  /// Copies those of the snapshots that the target lacks.
  ///
  /// @param present the target's snapshots, listed before its index was loaded
  public CopyResult copy(List<StoredSnapshot> snapshots, List<StoredSnapshot> present) {
    Deque<StoredSnapshot> wanted = wanted(snapshots, present);
    if (wanted.isEmpty()) {
      return new CopyResult(0, skipped, refused, 0, 0);
    }
    try (RepositoryWriter writer = target.writer(options);
        BlobTransfer transfer =
            new BlobTransfer(source, writer, target.config().compresses(), new SecureRandom())) {
      while (!wanted.isEmpty()) {
        batch(wanted, writer, transfer);
      }
      long blobs = writer.statistics().newDataBlobs() + writer.statistics().newTreeBlobs();
      return new CopyResult(
          copied, skipped, refused, blobs, writer.statistics().addedStoredBytes());
    }
  }

  private Deque<StoredSnapshot> wanted(
      List<StoredSnapshot> snapshots, List<StoredSnapshot> present) {
    CopiedSnapshots known = new CopiedSnapshots(present);
    Deque<StoredSnapshot> wanted = new ArrayDeque<>();
    for (StoredSnapshot snapshot : snapshots) {
      Optional<StoredSnapshot> there = known.of(snapshot);
      Optional<String> reason = there.isPresent() ? Optional.empty() : refusal.apply(snapshot);
      if (there.isPresent()) {
        skipped++;
        observer.skipped(snapshot, there.get());
      } else if (reason.isPresent()) {
        refused++;
        observer.refused(snapshot, reason.get());
      } else {
        wanted.add(snapshot);
      }
    }
    return wanted;
  }

  private void batch(Deque<StoredSnapshot> wanted, RepositoryWriter writer, BlobTransfer transfer) {
    List<StoredSnapshot> batch = new ArrayList<>();
    Instant start = clock.instant();
    long before = writer.statistics().addedStoredBytes();
    long enough = (long) options.packSizeBytes() * BATCH_PACKS;
    boolean full = false;
    while (!full && !wanted.isEmpty()) {
      StoredSnapshot snapshot = wanted.remove();
      observer.started(snapshot);
      copyTrees(snapshot.snapshot().tree(), writer, transfer);
      batch.add(snapshot);
      full =
          writer.statistics().addedStoredBytes() - before >= enough
              && Duration.between(start, clock.instant()).compareTo(BATCH_TIME) >= 0;
    }
    transfer.run();
    writer.flush();
    for (StoredSnapshot snapshot : batch) {
      save(snapshot);
    }
  }

  private void save(StoredSnapshot snapshot) {
    Snapshot changed =
        snapshot.snapshot().toBuilder()
            .parent(null) // means nothing in another repository
            .original(CopiedSnapshots.lasting(snapshot))
            .build();
    SnapshotId id = target.saveSnapshot(changed, options.gate());
    copied++;
    observer.saved(snapshot, new StoredSnapshot(id, changed));
  }

  /// Trees go over byte for byte, whatever wrote them.
  private void copyTrees(BlobId root, RepositoryWriter writer, BlobTransfer transfer) {
    Deque<BlobId> open = new ArrayDeque<>();
    if (seenTrees.add(root.hash())) {
      open.push(root);
    }
    while (!open.isEmpty()) {
      BlobId id = open.pop();
      if (Thread.interrupted()) {
        throw new Cancelled("copying was interrupted");
      }
      BlobHandle handle = new BlobHandle(BlobType.TREE, id);
      byte[] json = source.loadBlob(handle);
      if (writer.claim(handle)) {
        writer.saveClaimed(handle, json, 0, json.length);
      }
      for (Node node : TreeCodec.decode(json).nodes()) {
        BlobId subtree = node.subtree();
        BlobIds content = node.content();
        if (node.isDirectory() && subtree != null && seenTrees.add(subtree.hash())) {
          open.push(subtree);
        }
        if (content != null) {
          transfer.add(content);
        }
      }
    }
  }
}
