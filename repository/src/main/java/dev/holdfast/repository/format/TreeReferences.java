package dev.holdfast.repository.format;

/// What a tree refers to.
///
/// @param content the blobs of its files, one file after the other
/// @param subtrees the trees of its directories
public record TreeReferences(BlobIds content, BlobIds subtrees) {}
