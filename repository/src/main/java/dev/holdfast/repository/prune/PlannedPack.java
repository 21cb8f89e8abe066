package dev.holdfast.repository.prune;

import dev.holdfast.repository.format.PackId;

/// A pack that does not stay as it is.
///
/// @param lengthBytes its length in the store; zero if it is not there
/// @param unusedBytes bytes of blobs in it that nothing needs
public record PlannedPack(PackId id, Reason reason, long lengthBytes, long unusedBytes) {
  /// Why.
  public enum Reason {
    /// No index names it: what an interrupted backup left.
    NOT_INDEXED,
    /// No snapshot needs anything in it.
    UNUSED,
    /// No snapshot needs anything in it, and it is not even there.
    MISSING,
    /// Only a part of it is needed.
    PARTLY_USED,
    /// It is much shorter than packs should be.
    SMALL,
    /// It holds both trees and data.
    MIXED,
    /// It holds what should be compressed and is not.
    UNCOMPRESSED
  }

  /// The whole id, 64 hexadecimal digits.
  public String name() {
    return id.toString();
  }
}
