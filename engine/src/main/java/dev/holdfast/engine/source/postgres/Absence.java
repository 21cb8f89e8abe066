package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A server that was there a moment ago and does not answer: as one that is being started again. It
/// is waited for, once for so long, which is told; a server that is there and refuses is not. One
/// thread at a time.
final class Absence {
  /// A server that has much to repair after a crash takes longer; then a person has to look.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(200);

  /// What `pg_isready` ends with if the server refuses everybody, as it does while it starts.
  private static final int REFUSES = 1;

  private static final int NO_ANSWER = 2;

  private final Path program;
  private final PostgresSettings settings;
  private final Map<String, String> environment;
  private final Consumer<String> notices;
  private long begin;
  private boolean isAway;
  private boolean isAwaited;

  /// @param notices told when the waiting begins, and when it was not in vain
  Absence(
      ClientPrograms.Programs programs,
      PostgresSettings settings,
      Map<String, String> environment,
      Consumer<String> notices) {
    this.program = Path.of(programs.isReady());
    this.settings = settings;
    this.environment = environment;
    this.notices = notices;
  }

  /// It answers again.
  void isOver() {
    if (isAwaited) {
      notices.accept(name() + " answers again");
    }
    isAway = false;
    isAwaited = false;
  }

  /// What a failure to reach it is to be told as, when nobody waits for it any more.
  HoldfastException.InputOutput ended(HoldfastException.InputOutput failure) {
    return isAwaited
        ? new HoldfastException.InputOutput(
            "%s was waited for, %d s, and does not answer: %s"
                .formatted(name(), PATIENCE.toSeconds(), failure.getMessage()),
            failure.hint(),
            failure)
        : failure;
  }

  private String name() {
    return "the server " + settings.serverName(environment);
  }

  /// Waits a moment, if it is worth it.
  ///
  /// @return whether to try again
  boolean await() {
    if (!isAway) {
      isAway = true;
      begin = System.nanoTime();
    }
    if (System.nanoTime() - begin > PATIENCE.toNanos() || !isDown()) {
      return false;
    }
    if (!isAwaited) {
      isAwaited = true;
      notices.accept(
          "%s does not answer: waiting for it, for up to %d s"
              .formatted(name(), PATIENCE.toSeconds()));
    }
    try {
      Thread.sleep(PAUSE);
      return true;
    } catch (InterruptedException e) {
      throw new HoldfastException.Cancelled("interrupted while the server did not answer");
    }
  }

  private boolean isDown() {
    if (!Files.isExecutable(program)) {
      return false;
    }
    List<String> command =
        List.of(program.toString(), "--quiet", "--dbname=" + settings.connectionString());
    try (ClientProcess asked = ClientProcess.start("pg_isready", command, settings, environment)) {
      int exit = asked.exitCode();
      return exit == REFUSES || exit == NO_ANSWER;
    }
  }
}
