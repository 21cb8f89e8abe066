package dev.holdfast.engine.recover;

import java.util.Optional;

/// Backs up the present state.
@FunctionalInterface
public interface RestorePoint {
  /// Returns when the backup is complete.
  ///
  /// @return the snapshot's id, 64 hexadecimal digits; empty if there is nothing to back up
  /// @throws dev.holdfast.repository.error.HoldfastException if not everything could be stored
  Optional<String> take();
}
