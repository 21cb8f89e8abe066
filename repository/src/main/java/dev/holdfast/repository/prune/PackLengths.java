package dev.holdfast.repository.prune;

import dev.holdfast.repository.index.IndexView;

/// The length that each pack must have by what the index says of its blobs.
public final class PackLengths {
  private final PackTally tally;

  public PackLengths(IndexView view) {
    tally = PackTally.of(view, entry -> false);
  }

  /// In bytes.
  ///
  /// @param firstRun the first run of the pack
  public long of(int firstRun) {
    return tally.lengthBytes(firstRun);
  }
}
