package dev.holdfast.engine.config;

import java.time.Duration;
import java.util.List;

/// Commands of an app that run around its backup.
///
/// @param before run first; if one fails there is no backup
/// @param after run when a snapshot is stored; a failure is a warning
/// @param onError run when something failed, whatever it was; a failure is a warning
public record Hooks(List<Hook> before, List<Hook> after, List<Hook> onError) {
  public static final Hooks NONE = new Hooks(List.of(), List.of(), List.of());

  public Hooks {
    before = List.copyOf(before);
    after = List.copyOf(after);
    onError = List.copyOf(onError);
  }

  /// One command.
  ///
  /// @param timeLimit after which it is ended and counts as failed
  public record Hook(Invocation command, Duration timeLimit) {
    public static final Duration DEFAULT_TIME_LIMIT = Duration.ofMinutes(5);
  }
}
