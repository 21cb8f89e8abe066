package dev.holdfast.repository.rewrite;

import dev.holdfast.repository.format.BlobId;

/// A rewritten directory.
///
/// @param tree the same as before if nothing was left out of it
public record Rewritten(BlobId tree, Counts counts) {}
