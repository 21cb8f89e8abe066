package dev.holdfast.repository.format;

/// Names a snapshot file by the SHA-256 of its stored bytes (format sheet, section 1).
public record SnapshotId(Hash hash) implements Comparable<SnapshotId> {
  @Override
  public int compareTo(SnapshotId other) {
    return hash.compareTo(other.hash);
  }

  @Override
  public String toString() {
    return hash.toHex();
  }
}
