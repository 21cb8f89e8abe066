package dev.holdfast.engine.recover.service;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.List;

/// How one service is controlled. What runs is told as a text for the journal: empty if nothing
/// does, else words that say what. Thread-confined.
interface Control {
  /// What a service that runs as a whole is said to be.
  String RUNNING = "running";

  /// For one question.
  Duration STATUS_LIMIT = Duration.ofSeconds(30);

  /// What runs now.
  ///
  /// @throws HoldfastException.Rejected if that cannot be told
  String running();

  /// Whether [#running] finds it out, and does not only take it to be so.
  boolean tells();

  /// Stops what ran.
  ///
  /// @throws HoldfastException.Rejected if that fails or takes too long
  void stop(String ran, Duration limit);

  /// Starts what ran.
  ///
  /// @throws HoldfastException.Rejected if that fails or takes too long
  void start(String ran, Duration limit);

  /// What a command answered.
  ///
  /// @throws HoldfastException.Rejected if it failed
  static String answer(TimedCommand commands, List<String> words, String what) {
    TimedCommand.Ended ended = commands.run(words, STATUS_LIMIT);
    if (!ended.wasGood()) {
      throw new HoldfastException.Rejected(
          "it cannot be told whether %s runs: %s"
              .formatted(what, ended.describe(words, STATUS_LIMIT)),
          "see what the command says when it is run by hand");
    }
    return ended.answer().strip();
  }

  /// Runs a command that must succeed.
  ///
  /// @throws HoldfastException.Rejected if it does not
  static void run(TimedCommand commands, List<String> words, Duration limit) {
    TimedCommand.Ended ended = commands.run(words, limit);
    if (!ended.wasGood()) {
      throw new HoldfastException.Rejected(
          ended.describe(words, limit), "see what the command says when it is run by hand");
    }
  }
}
