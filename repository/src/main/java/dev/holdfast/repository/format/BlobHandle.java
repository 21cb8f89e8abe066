package dev.holdfast.repository.format;

/// A blob's whole identity: type and id.
public record BlobHandle(BlobType type, BlobId id) {
  @Override
  public String toString() {
    return type.jsonName() + "/" + id.hash().toShortHex();
  }
}
