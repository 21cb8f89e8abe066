package dev.holdfast.repository.prune;

/// What a prune did.
///
/// @param removedPacks packs that were deleted
/// @param removedBytes bytes of these
/// @param repackedBytes bytes of blobs that were copied into new packs
/// @param keptAfterAll packs that were to go and stayed, because a backup that ended meanwhile
///   needs them
/// @param undeletedPacks packs that nothing names any more but that could not be deleted; the next
///   prune tries again
/// @param exclusiveMillis how long nobody else could use the repository
public record PruneResult(
    long removedPacks,
    long removedBytes,
    long repackedBytes,
    long keptAfterAll,
    long undeletedPacks,
    long exclusiveMillis) {}
