package dev.holdfast.repository.write;

import dev.holdfast.repository.format.BlobId;

/// What became of a blob that was handed to the writer.
///
/// @param isNew whether this call added it; false if the repository has or is about to have it
/// @param storedBytes bytes it takes in its pack if it is new, zero otherwise
public record SavedBlob(BlobId id, boolean isNew, int storedBytes) {}
