package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.SnapshotSummary;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.rewrite.Counts;
import dev.holdfast.repository.rewrite.Omission;
import dev.holdfast.repository.rewrite.Rewritten;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Puts snapshots without some of their content in the places of the whole ones, so that nothing in
/// the new ones names what is gone. Can be done again after it was broken off. One thread at a
/// time.
public final class Erasing {
  /// As [SnapshotRewriter] has it.
  private static final int BATCH = 100;

  private static final BlobId EMPTY_TREE =
      new BlobId(Hasher.of(TreeCodec.encode(new Tree(List.of()))));

  private final Repository repository;
  private final Omission omission;
  private final Predicate<String> tells;
  private final WriterOptions options;
  private final SnapshotReplacement replacement;

  /// @param tells whether a text names what is erased
  /// @param options how trees are written; its gate watches the lock
  public Erasing(
      Repository repository, Omission omission, Predicate<String> tells, WriterOptions options) {
    this.repository = repository;
    this.omission = omission;
    this.tells = tells;
    this.options = options;
    replacement = new SnapshotReplacement(repository, options.gate());
  }

  /// Replaces all of the snapshots. The caller holds the exclusive lock.
  ///
  /// @param replaced told of each, with what took its place; nothing does if nothing is left
  public void run(
      List<SnapshotView> snapshots, BiConsumer<SnapshotView, Optional<SnapshotView>> replaced) {
    Map<SnapshotId, StoredSnapshot> made = alreadyMade();
    try (RepositoryWriter writer = repository.writer(options)) {
      Rewriting rewriting =
          new Rewriting(
              repository,
              omission,
              tells,
              (type, bytes, at, length) -> writer.save(type, bytes, at, length).id());
      for (int from = 0; from < snapshots.size(); from += BATCH) {
        List<Snapshot> now = new ArrayList<>();
        List<SnapshotView> batch =
            snapshots.subList(from, Math.min(from + BATCH, snapshots.size()));
        for (SnapshotView view : batch) {
          now.add(rest(view.stored(), rewriting));
        }
        writer.flush();
        for (int i = 0; i < batch.size(); i++) {
          StoredSnapshot old = batch.get(i).stored();
          replaced.accept(batch.get(i), replace(old, now.get(i), made));
        }
      }
    }
  }

  /// What a process that was killed made of snapshots that it did not come to remove.
  private Map<SnapshotId, StoredSnapshot> alreadyMade() {
    Map<SnapshotId, StoredSnapshot> made = new HashMap<>();
    for (StoredSnapshot stored : repository.snapshots()) {
      SnapshotId original = stored.snapshot().original();
      if (original != null) {
        made.put(original, stored);
      }
    }
    return made;
  }

  private Optional<SnapshotView> replace(
      StoredSnapshot old, Snapshot now, Map<SnapshotId, StoredSnapshot> made) {
    if (now.tree().equals(EMPTY_TREE)) {
      replacement.remove(old);
      return Optional.empty();
    }
    StoredSnapshot there = made.get(old.id());
    if (there != null && there.snapshot().equals(now)) {
      replacement.remove(old);
      return Optional.of(new SnapshotView(there));
    }
    return Optional.of(replacement.replace(old, now));
  }

  private Snapshot rest(StoredSnapshot stored, Rewriting rewriting) {
    Snapshot old = stored.snapshot();
    Rewritten rewritten = rewriting.tree(old);
    return old.toBuilder()
        .tree(rewritten.tree())
        .paths(old.paths().stream().filter(path -> !isGone(path)).toList())
        .excludes(old.excludes().stream().filter(text -> !tells.test(text)).toList())
        .summary(less(old.summary(), rewritten.counts()))
        .original(stored.id())
        .build();
  }

  private static @Nullable SnapshotSummary less(@Nullable SnapshotSummary old, Counts counts) {
    return old == null
        ? null
        : old.withTotals(
            Math.max(0, old.totalFilesProcessed() - counts.omittedFiles()),
            Math.max(0, old.totalBytesProcessed() - counts.omittedBytes()));
  }

  private boolean isGone(String path) {
    for (int end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
      if (omission.omits(path.substring(0, end))) {
        return true;
      }
    }
    return omission.omits(path);
  }
}
