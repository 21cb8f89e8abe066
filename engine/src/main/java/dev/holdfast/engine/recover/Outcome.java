package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.journal.Ending;
import java.util.Optional;

/// What came of carrying out a plan, or taking it back.
///
/// @param ending empty if it could be neither finished nor taken back: the journal stays open
/// @param cause why it was not finished
/// @param obstacle why it could not be taken back wholly
public record Outcome(
    Optional<Ending> ending, Optional<Throwable> cause, Optional<Throwable> obstacle) {
  static Outcome recovered() {
    return new Outcome(Optional.of(Ending.RECOVERED), Optional.empty(), Optional.empty());
  }

  /// Whether the new state is live.
  public boolean isRecovered() {
    return ending.equals(Optional.of(Ending.RECOVERED));
  }
}
