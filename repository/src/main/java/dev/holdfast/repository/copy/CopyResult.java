package dev.holdfast.repository.copy;

/// What copying came to.
///
/// @param copied snapshots that are new in the other repository
/// @param skipped snapshots that it had
/// @param refused snapshots that were left out on purpose
/// @param blobs new blobs
/// @param storedBytes bytes that these take
public record CopyResult(int copied, int skipped, int refused, long blobs, long storedBytes) {}
