package dev.holdfast.repository.format;

/// Names a pack file by the SHA-256 of its stored bytes (format sheet, section 1).
public record PackId(Hash hash) implements Comparable<PackId> {
  @Override
  public int compareTo(PackId other) {
    return hash.compareTo(other.hash);
  }

  @Override
  public String toString() {
    return hash.toHex();
  }
}
