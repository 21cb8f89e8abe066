package dev.holdfast.repository.format;

/// Names a lock file by the SHA-256 of its stored bytes (format sheet, section 1).
public record LockId(Hash hash) implements Comparable<LockId> {
  @Override
  public int compareTo(LockId other) {
    return hash.compareTo(other.hash);
  }

  @Override
  public String toString() {
    return hash.toHex();
  }
}
