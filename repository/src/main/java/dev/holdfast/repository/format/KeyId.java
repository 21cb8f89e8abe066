package dev.holdfast.repository.format;

/// Names a key file by the SHA-256 of its stored bytes (format sheet, section 1).
public record KeyId(Hash hash) implements Comparable<KeyId> {
  @Override
  public int compareTo(KeyId other) {
    return hash.compareTo(other.hash);
  }

  @Override
  public String toString() {
    return hash.toHex();
  }
}
