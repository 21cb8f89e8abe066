package dev.holdfast.repository.prune;

/// What a prune may leave and how much it may do.
///
/// @param maxUnused unused data that may stay
/// @param maxRepackBytes bytes of packs that are repacked at most; nothing is if it is zero
/// @param smallPackBytes packs below this length are merged; zero for the length that restic
///   chooses by itself, four fifths of the usual smallest
/// @param cacheableOnly whether only packs of trees are repacked
/// @param repackUncompressed whether all uncompressed blobs are compressed
/// @param workers threads that read trees and packs and delete objects
public record PruneOptions(
    MaxUnused maxUnused,
    long maxRepackBytes,
    long smallPackBytes,
    boolean cacheableOnly,
    boolean repackUncompressed,
    int workers) {
  /// One for each of two cores.
  public static final int DEFAULT_WORKERS = 2;

  /// Bounds memory: each worker holds a range of a pack and a blob.
  public static final int MAX_WORKERS = 16;

  /// What restic does if nothing else is asked for.
  public static final PruneOptions DEFAULT =
      new PruneOptions(new MaxUnused.Share(5), Long.MAX_VALUE, 0, false, false, DEFAULT_WORKERS);

  /// Nothing stays that no snapshot needs, to the last byte, so that what was removed from all
  /// snapshots is in no pack any more.
  public static final PruneOptions TO_THE_LAST_BYTE = DEFAULT.withMaxUnused(new MaxUnused.Bytes(0));

  public PruneOptions {
    if (maxRepackBytes < 0 || smallPackBytes < 0) {
      throw new IllegalArgumentException("negative size");
    }
    if (workers < 1 || workers > MAX_WORKERS) {
      throw new IllegalArgumentException(workers + " workers");
    }
  }

  public PruneOptions withMaxUnused(MaxUnused value) {
    return new PruneOptions(
        value, maxRepackBytes, smallPackBytes, cacheableOnly, repackUncompressed, workers);
  }

  public PruneOptions withMaxRepackBytes(long value) {
    return new PruneOptions(
        maxUnused, value, smallPackBytes, cacheableOnly, repackUncompressed, workers);
  }

  public PruneOptions withSmallPackBytes(long value) {
    return new PruneOptions(
        maxUnused, maxRepackBytes, value, cacheableOnly, repackUncompressed, workers);
  }

  public PruneOptions withCacheableOnly(boolean value) {
    return new PruneOptions(
        maxUnused, maxRepackBytes, smallPackBytes, value, repackUncompressed, workers);
  }

  public PruneOptions withRepackUncompressed(boolean value) {
    return new PruneOptions(
        maxUnused, maxRepackBytes, smallPackBytes, cacheableOnly, value, workers);
  }
}
