package dev.holdfast.repository.record;

import java.util.Arrays;
import java.util.Optional;

/// What a record is about.
public enum RecordKind {
  /// A drill of an app: what was proven of which snapshot, and what was not.
  DRILL("drill"),
  /// Something was removed from every snapshot and must not come back.
  PURGE("purge");

  private final String word;

  RecordKind(String word) {
    this.word = word;
  }

  /// The name in the record's first line.
  public String word() {
    return word;
  }

  /// The kind of that name; empty for one that a later version may know.
  static Optional<RecordKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }
}
