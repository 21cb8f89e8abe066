package dev.holdfast.repository.format;

/// Names a blob by the SHA-256 of its uncompressed plain bytes (format sheet, section 4).
public record BlobId(Hash hash) implements Comparable<BlobId> {
  @Override
  public int compareTo(BlobId other) {
    return hash.compareTo(other.hash);
  }

  @Override
  public String toString() {
    return hash.toHex();
  }
}
