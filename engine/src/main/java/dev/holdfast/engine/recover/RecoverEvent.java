package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Step;
import java.time.Duration;

/// Something that happened during a recovery.
public sealed interface RecoverEvent {
  /// A step begins.
  record Started(Step step) implements RecoverEvent {}

  /// A step is done.
  record Done(Step step, Duration took) implements RecoverEvent {}

  /// The step under way has come this far.
  ///
  /// @param totalBytes zero if it is not known
  record Progress(Step step, long doneBytes, long totalBytes) implements RecoverEvent {}

  /// The step under way turns to the next of the things that are replaced.
  ///
  /// @param subject what it is, for people
  /// @param number of it, from 1
  /// @param count of them all
  record Turned(Step step, String subject, int number, int count) implements RecoverEvent {}

  /// Something that a person should know; a lowercase sentence.
  record Notice(String text) implements RecoverEvent {}

  /// The present state was backed up.
  record RestorePointMade(String snapshotId) implements RecoverEvent {}

  /// Something failed: from here on everything is taken back.
  record TurnedBack(Step step, String reason) implements RecoverEvent {}

  /// What a step did is being taken back.
  record TakingBack(Step step) implements RecoverEvent {}

  /// The service was not to be had for this long: from before it was stopped until it was started.
  record Downtime(Duration duration) implements RecoverEvent {}

  /// It is over.
  record Ended(Ending ending) implements RecoverEvent {}
}
