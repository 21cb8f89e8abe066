package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.query.SnapshotView;

/// Told how rewriting goes on, in the thread that rewrites.
public interface RewriteObserver {
  /// A snapshot stays as it is.
  void unchanged(SnapshotView snapshot);

  /// A snapshot is written anew, or would be.
  ///
  /// @param old what it was
  /// @param now what it is; in a dry run nothing has its id
  /// @param removed whether the old one is removed
  void replaced(SnapshotView old, SnapshotView now, boolean removed);
}
