package dev.holdfast.engine.backup;

import dev.holdfast.posix.FileStat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What became of the databases whose states were fixed before the walk, by what their files are to
/// the system. Thread-safe.
final class FixedStates {
  private final Map<FileKey, Fixed> states = new ConcurrentHashMap<>();
  private final Set<FileKey> met = ConcurrentHashMap.newKeySet();

  /// What the walk is to do with a database when it meets it.
  sealed interface Fixed {
    /// Put it into its place.
    ///
    /// @param found where it was found
    record Stored(FoundDatabase found, StoredDatabase state) implements Fixed {}

    /// Store the files that it consists of: it cannot be understood.
    record AsFiles() implements Fixed {}

    /// Leave it out: it cannot be had, and that was reported.
    record LeftOut() implements Fixed {}
  }

  void put(FileStat stat, Fixed fixed) {
    states.put(FileKey.of(stat), fixed);
  }

  /// What is known of the file, or null.
  @Nullable Fixed find(FileStat stat) {
    if (states.isEmpty()) {
      return null;
    }
    FileKey key = FileKey.of(stat);
    Fixed fixed = states.get(key);
    if (fixed != null) {
      met.add(key);
    }
    return fixed;
  }

  /// Databases that were stored and that nobody asked for: they were replaced or removed meanwhile.
  List<FoundDatabase> neverMet() {
    List<FoundDatabase> missed = new ArrayList<>();
    states.forEach((key, fixed) -> {
      if (fixed instanceof Fixed.Stored stored && !met.contains(key)) {
        missed.add(stored.found());
      }
    });
    return missed;
  }
}
