package dev.holdfast.engine.purge;

import dev.holdfast.engine.query.SnapshotView;
import java.util.Optional;

/// Told how a purge goes on, in the thread that purges.
public interface PurgeObserver {
  /// The ledger says from now on that it is erased.
  void recorded(Erasure erasure, boolean resumed);

  /// A snapshot is gone.
  ///
  /// @param now what took its place; empty if there was nothing else in it
  void rewritten(SnapshotView old, Optional<SnapshotView> now);

  /// What no snapshot needs is being removed.
  void pruning();

  /// Something that a person should know.
  void notice(String text);
}
