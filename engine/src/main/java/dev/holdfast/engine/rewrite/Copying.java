package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.copy.CopyObserver;
import dev.holdfast.repository.copy.CopyResult;
import dev.holdfast.repository.copy.SnapshotCopier;
import dev.holdfast.repository.write.WriterOptions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Copies snapshots into another repository, for those who see snapshots as views.
public final class Copying {
  private final Repository source;
  private final Repository target;
  private final WriterOptions options;
  private final InstantSource clock;

  /// Told how it goes on.
  public interface Observer {
    /// A snapshot is there already.
    void skipped(SnapshotView source, SnapshotView present);

    /// A snapshot is not copied on purpose.
    void refused(SnapshotView source, String reason);

    /// A snapshot begins to be copied.
    void started(SnapshotView source);

    /// A snapshot is whole and listed.
    void saved(SnapshotView source, SnapshotView copy);
  }

  /// @param options how blobs are written; its gate watches the target's lock
  public Copying(Repository source, Repository target, WriterOptions options, InstantSource clock) {
    this.source = source;
    this.target = target;
    this.options = options;
    this.clock = clock;
  }

  /// Copies what the target lacks of `snapshots`.
  ///
  /// @param refusal why a snapshot is not to be copied; empty if it is
  public CopyResult copy(
      List<SnapshotView> snapshots,
      Observer observer,
      Function<SnapshotView, Optional<String>> refusal) {
    List<StoredSnapshot> present = target.snapshots();
    return new SnapshotCopier(
            source,
            target,
            options,
            clock,
            new Viewing(observer),
            stored -> refusal.apply(new SnapshotView(stored)))
        .copy(snapshots.stream().map(SnapshotView::stored).toList(), present);
  }

  private record Viewing(Observer observer) implements CopyObserver {
    @Override
    public void skipped(StoredSnapshot source, StoredSnapshot present) {
      observer.skipped(new SnapshotView(source), new SnapshotView(present));
    }

    @Override
    public void refused(StoredSnapshot source, String reason) {
      observer.refused(new SnapshotView(source), reason);
    }

    @Override
    public void started(StoredSnapshot source) {
      observer.started(new SnapshotView(source));
    }

    @Override
    public void saved(StoredSnapshot source, StoredSnapshot copy) {
      observer.saved(new SnapshotView(source), new SnapshotView(copy));
    }
  }
}
