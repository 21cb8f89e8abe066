package dev.holdfast.repository.record;

import java.util.Comparator;
import java.util.List;

/// The records of one kind. A damaged one does not hide the others; who lists them says so.
///
/// @param readable ordered by id, which says nothing of their age
/// @param unreadable damaged ones, of whichever kind they were
public record RecordList(List<StoredRecord> readable, List<UnreadableRecord> unreadable) {
  public RecordList {
    readable = readable.stream().sorted(Comparator.comparing(StoredRecord::id)).toList();
    unreadable = unreadable.stream().sorted(Comparator.comparing(UnreadableRecord::id)).toList();
  }

  /// The readable ones, where one that cannot be read must not be passed over.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException what was wrong with the first that
  ///   could not be read
  public List<StoredRecord> all() {
    if (!unreadable.isEmpty()) {
      throw unreadable.getFirst().cause();
    }
    return readable;
  }
}
