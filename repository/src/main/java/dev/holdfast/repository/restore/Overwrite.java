package dev.holdfast.repository.restore;

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

  public static Optional<Overwrite> parse(String word) {
    for (Overwrite overwrite : values()) {
      if (overwrite.word.equals(word)) {
        return Optional.of(overwrite);
      }
    }
    return Optional.empty();
  }
}
