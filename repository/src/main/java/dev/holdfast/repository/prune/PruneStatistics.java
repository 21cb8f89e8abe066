package dev.holdfast.repository.prune;

/// The numbers of a plan, as restic counts them: a copy of a blob that another copy makes needless
/// is a duplicate, and what is repacked counts as repacked whether it is kept or not.
public record PruneStatistics(Blobs blobs, Bytes bytes, Packs packs) {
  /// Numbers of stored copies of blobs.
  ///
  /// @param repackRemoved those that repacking leaves out
  /// @param removed those in packs that are removed as a whole
  public record Blobs(
      long used, long duplicate, long unused, long repacked, long repackRemoved, long removed) {
    public long total() {
      return used + duplicate + unused;
    }

    public long removedTotal() {
      return removed + repackRemoved;
    }

    public long remaining() {
      return total() - removedTotal();
    }
  }

  /// Bytes of stored copies of blobs. The entry of a blob in its pack's header counts as used.
  ///
  /// @param unreferenced in packs that no index names
  /// @param uncompressed in packs with an uncompressed blob that are not repacked
  public record Bytes(
      long used,
      long duplicate,
      long unused,
      long unreferenced,
      long uncompressed,
      long repacked,
      long repackRemoved,
      long removed) {
    public long total() {
      return used + duplicate + unused + unreferenced;
    }

    public long removedTotal() {
      return removed + repackRemoved + unreferenced;
    }

    public long remaining() {
      return total() - removedTotal();
    }

    public long remainingUnused() {
      return duplicate + unused - removed - repackRemoved;
    }
  }

  /// Numbers of packs.
  public record Packs(
      long used,
      long unused,
      long partlyUsed,
      long unreferenced,
      long kept,
      long repacked,
      long removed) {
    public long total() {
      return used + partlyUsed + unused + unreferenced;
    }

    public long removedTotal() {
      return unreferenced + removed;
    }
  }
}
