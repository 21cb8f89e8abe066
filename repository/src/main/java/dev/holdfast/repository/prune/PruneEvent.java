package dev.holdfast.repository.prune;

/// What a prune tells while it runs. Events come from several threads.
public sealed interface PruneEvent {
  /// A stage begins.
  ///
  /// @param total how many things are to be done in it, or -1 if that is not known
  record Began(Stage stage, long total) implements PruneEvent {}

  /// One more thing of the present stage is done.
  record Advanced() implements PruneEvent {}

  /// Something that a person should know.
  record Notice(String text) implements PruneEvent {}

  /// The stages, in their order. The last four change the repository.
  enum Stage {
    INDEX,
    TREES,
    PACKS,
    REPACK,
    CONFIRM,
    REWRITE_INDEX,
    DELETE
  }
}
