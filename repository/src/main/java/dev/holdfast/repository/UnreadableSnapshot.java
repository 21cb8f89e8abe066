package dev.holdfast.repository;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.SnapshotId;

/// A snapshot file that could not be read, and why: commands that list go on and say so.
public record UnreadableSnapshot(SnapshotId id, HoldfastException cause) {
  /// A damaged one, with the way out as the hint.
  static UnreadableSnapshot damaged(SnapshotId id, HoldfastException.Corrupt found) {
    String hint =
        "'holdfast check --read-data' tells what else is affected; 'holdfast repair snapshots"
            + " --forget "
            + id.hash().toShortHex()
            + "' gives this one up";
    return new UnreadableSnapshot(
        id, new HoldfastException.Corrupt(String.valueOf(found.getMessage()), hint, found));
  }
}
