package dev.holdfast.repository.record;

import dev.holdfast.repository.format.Hash;

/// Names a record by the SHA-256 of its stored bytes.
public record RecordId(Hash hash) implements Comparable<RecordId> {
  @Override
  public int compareTo(RecordId other) {
    return hash.compareTo(other.hash);
  }

  @Override
  public String toString() {
    return hash.toHex();
  }
}
