package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A server that was there a moment ago and does not answer: as one that is being started again. It
/// is waited for, once for so long; a server that is there and refuses is not. One thread at a
/// time.
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
  private long begin;
  private boolean isAway;

  Absence(
      ClientPrograms.Programs programs,
      PostgresSettings settings,
      Map<String, String> environment) {
    this.program = Path.of(programs.isReady());
    this.settings = settings;
    this.environment = environment;
  }

  /// It answers again.
  void isOver() {
    isAway = false;
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
