package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.posix.OsString;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class InterruptionTest {
  /// Is told to end, as by a signal, and heeds it or not.
  static final class Told {
    private static final Duration GRACE = Duration.ofMillis(300);

    private Told() {}

    public static void main(String[] arguments) {
      boolean heeds = arguments[0].equals("heeds");
      Interruption interruption =
          Interruption.ofThisThread(
              Console.ofProcess(Map.of(), OsString::encode),
              heeds ? GRACE.multipliedBy(200) : GRACE);
      Thread.ofPlatform().start(() -> System.exit(ExitCode.DONE));
      while (!heeds || !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(GRACE.toNanos());
      }
      interruption.finish(ExitCode.FAILED);
    }
  }

  @Test
  void whoHeedsItEndsAsInterruptedWithoutAWord() {
    CommandResult result = Command.ofMain(Told.class, "heeds").run();

    assertThat(result.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(result.errors()).isEmpty();
  }

  @Test
  void whoDoesNotIsEndedAndItIsSaid() {
    CommandResult result = Command.ofMain(Told.class, "goes on").run();

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.errors())
        .isEqualTo(
            """
            holdfast: interrupted, and ended before everything was in order
            hint: the next command clears away what was left
            """);
  }
}
