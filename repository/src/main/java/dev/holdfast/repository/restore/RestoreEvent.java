package dev.holdfast.repository.restore;

/// What a restore tells while it runs. Events come one at a time, from several threads.
public sealed interface RestoreEvent {
  /// More was found to be restored. Comes once for each pass, so the totals grow while very large
  /// trees are restored.
  ///
  /// @param items files, directories and other entries
  /// @param bytes of content, what is in place already included
  record Planned(long items, long bytes) implements RestoreEvent {}

  /// Content was written, or found to be in place in a file of which other parts are not.
  record Written(long bytes) implements RestoreEvent {}

  /// An entry is done.
  ///
  /// @param path inside the restored tree, from `/`
  /// @param sizeBytes of a file's content, zero for everything else
  record Done(String path, Action action, long sizeBytes) implements RestoreEvent {}

  /// A file was read again and has the right content.
  record Verified(String path, long sizeBytes) implements RestoreEvent {}

  /// Something is wrong with one entry; the rest goes on.
  record Found(RestoreFinding finding) implements RestoreEvent {}

  /// What was done with an entry, with restic's words.
  enum Action {
    RESTORED("restored"),
    UPDATED("updated"),
    UNCHANGED("unchanged"),
    DELETED("deleted");

    private final String word;

    Action(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
