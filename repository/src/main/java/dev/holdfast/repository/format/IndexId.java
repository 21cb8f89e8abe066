package dev.holdfast.repository.format;

/// Names an index file by the SHA-256 of its stored bytes (format sheet, section 1).
public record IndexId(Hash hash) implements Comparable<IndexId> {
  @Override
  public int compareTo(IndexId other) {
    return hash.compareTo(other.hash);
  }

  @Override
  public String toString() {
    return hash.toHex();
  }
}
