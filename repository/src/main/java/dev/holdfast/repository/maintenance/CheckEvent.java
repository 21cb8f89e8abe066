package dev.holdfast.repository.maintenance;

/// What a check tells while it runs. Events come one at a time, from several threads.
public sealed interface CheckEvent {
  /// A stage begins.
  ///
  /// @param total how many things are to be checked in it, or -1 if that is not known
  record Began(Stage stage, long total) implements CheckEvent {}

  /// One more thing of the present stage was checked.
  record Advanced() implements CheckEvent {}

  /// Something was found. Its effect is in the report.
  record Found(Finding finding) implements CheckEvent {}

  /// The stages of a check, in their order.
  enum Stage {
    FILES,
    INDEX,
    PACKS,
    SNAPSHOTS,
    TREES,
    DATA,
    EFFECTS
  }
}
