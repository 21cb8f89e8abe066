package dev.holdfast.repository.restore;

import dev.holdfast.posix.FileStat;
import java.time.OffsetDateTime;
import java.util.Optional;

/// What happens to things that are in the target already; with restic's words and their meaning.
/// Directories are always taken as they are and given the snapshot's metadata.
public enum Overwrite {
  /// The snapshot wins. Existing content is compared and only what differs is fetched.
  ALWAYS("always"),
  /// The snapshot wins, but a file of the right size and modification time is believed to have the
  /// right content.
  IF_CHANGED("if-changed"),
  /// The snapshot wins where its modification time is later.
  IF_NEWER("if-newer"),
  /// What exists stays as it is.
  NEVER("never");

  private final String word;

  Overwrite(String word) {
    this.word = word;
  }

  /// The word on the command line.
  public String word() {
    return word;
  }

  /// Whether what exists gives way to a file or another entry that is no directory.
  ///
  /// @param stored when that was modified
  public boolean replaces(FileStat existing, OffsetDateTime stored) {
    return switch (this) {
      case ALWAYS, IF_CHANGED -> true;
      case IF_NEWER ->
          stored.toEpochSecond() == existing.mtimeSeconds()
              ? stored.getNano() > existing.mtimeNanos()
              : stored.toEpochSecond() > existing.mtimeSeconds();
      case NEVER -> false;
    };
  }

  public static Optional<Overwrite> parse(String word) {
    for (Overwrite overwrite : values()) {
      if (overwrite.word.equals(word)) {
        return Optional.of(overwrite);
      }
    }
    return Optional.empty();
  }
}
