package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotSummary;
import dev.holdfast.repository.rewrite.Counts;
import dev.holdfast.repository.rewrite.Rewritten;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes snapshots anew with other content or other facts, with restic's results. The content of a
/// number of snapshots is durable before these are listed, and the new ones are before the old ones
/// go. One thread at a time.
public final class SnapshotRewriter {
  /// Snapshots after which what was made for them is flushed: each time leaves a pack that is not
  /// full.
  private static final int BATCH = 100;

  /// The tag of a snapshot that was written anew beside the old one.
  private static final String TAG = "rewrite";

  /// What restic writes for a time that is not known.
  private static final OffsetDateTime NEVER =
      OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private static final SnapshotSummary NO_SUMMARY =
      new SnapshotSummary(NEVER, NEVER, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final Repository repository;
  private final RewriteRequest request;
  private final WriterOptions options;
  private final RewriteObserver observer;

  /// @param options how trees are written; its gate watches the lock
  public SnapshotRewriter(
      Repository repository,
      RewriteRequest request,
      WriterOptions options,
      RewriteObserver observer) {
    this.repository = repository;
    this.request = request;
    this.options = options;
    this.observer = observer;
  }

  /// Rewrites all of the snapshots; returns how many were changed, or would be.
  public int run(List<SnapshotView> snapshots) {
    repository.index(); // after the snapshots, which the caller has listed
    if (request.dryRun()) {
      Rewriting rewriting = rewriting((_, bytes, at, length) -> hash(bytes, at, length));
      List<Change> changes = changes(snapshots, rewriting);
      changes.forEach(change -> observer.replaced(change.old, changed(change), request.forget()));
      return changes.size();
    }
    int changed = 0;
    try (RepositoryWriter writer = repository.writer(options)) {
      Rewriting rewriting =
          rewriting((type, bytes, at, length) -> writer.save(type, bytes, at, length).id());
      for (int from = 0; from < snapshots.size(); from += BATCH) {
        List<SnapshotView> batch =
            snapshots.subList(from, Math.min(from + BATCH, snapshots.size()));
        List<Change> changes = changes(batch, rewriting);
        writer.flush();
        changes.forEach(this::save);
        changed += changes.size();
      }
    }
    return changed;
  }

  private Rewriting rewriting(Rewriting.BlobSaving saving) {
    return new Rewriting(repository, new PatternOmission(request.excludes()), _ -> false, saving);
  }

  private static BlobId hash(byte[] bytes, int offset, int length) {
    return new BlobId(new Hasher().hash(bytes, offset, length));
  }

  /// A snapshot with what it is to become.
  private record Change(SnapshotView old, Snapshot now) {}

  private List<Change> changes(List<SnapshotView> snapshots, Rewriting rewriting) {
    List<Change> changes = new ArrayList<>();
    for (SnapshotView view : snapshots) {
      Snapshot old = view.stored().snapshot();
      Snapshot now = request.readsTrees() ? withTree(old, rewriting) : old;
      if (now.equals(old) && !request.hasNewMetadata()) {
        observer.unchanged(view);
      } else {
        changes.add(new Change(view, withFacts(view.stored(), now)));
      }
    }
    return changes;
  }

  private Snapshot withTree(Snapshot old, Rewriting rewriting) {
    Rewritten rewritten = rewriting.tree(old);
    return old.toBuilder()
        .tree(rewritten.tree())
        .summary(summary(old.summary(), rewritten.counts()))
        .build();
  }

  private static SnapshotSummary summary(@Nullable SnapshotSummary old, Counts counts) {
    SnapshotSummary base = old == null ? NO_SUMMARY : old;
    return base.withTotals(counts.keptFiles(), counts.keptBytes());
  }

  /// The original is what it was made of, as it is a new snapshot in all but name.
  private Snapshot withFacts(StoredSnapshot old, Snapshot now) {
    List<String> tags = new ArrayList<>(now.tags());
    if (!request.forget() && !tags.contains(TAG)) {
      tags.add(TAG);
    }
    return now.toBuilder()
        .tags(tags)
        .original(old.id())
        .hostname(request.hostname().orElse(now.hostname()))
        .time(request.time().orElse(now.time()))
        .build();
  }

  private static SnapshotView changed(Change change) {
    return new SnapshotView(new StoredSnapshot(change.old.stored().id(), change.now));
  }

  private void save(Change change) {
    SnapshotReplacement replacement = new SnapshotReplacement(repository, options.gate());
    SnapshotView saved =
        request.forget()
            ? replacement.replace(change.old.stored(), change.now)
            : replacement.save(change.now);
    observer.replaced(change.old, saved, request.forget());
  }
}
