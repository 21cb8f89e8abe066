package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// SIGKILL at random moments of a command, while another process backs up into the same repository.
/// The seed that was printed replays the moments: `-Dholdfast.seed=`.
final class Killing {
  /// Where the start of a program and its password are behind it, at the earliest.
  private static final int EARLIEST_SHARE = 5;

  private final long seed;
  private final SplittableRandom random;
  private int round;

  Killing(Class<?> test) {
    seed = Long.getLong("holdfast.seed", System.nanoTime());
    random = new SplittableRandom(seed);
    System.err.println(test.getSimpleName() + " seed " + seed);
  }

  SplittableRandom random() {
    return random;
  }

  /// What assertions say.
  String when() {
    return "seed %d, round %d".formatted(seed, round);
  }

  /// How long a command takes that is not killed.
  static long nanosOf(Command command) {
    long start = System.nanoTime();
    command.run().succeeded();
    return System.nanoTime() - start;
  }

  /// Starts the command, then the backup, and kills the command some time within `whole`. The
  /// backup waits for locks and must succeed: that of a killed process does not hold it up.
  void kill(Command command, long whole, Command backup) throws Exception {
    round++;
    long moment = random.nextLong(whole / EARLIEST_SHARE, whole);
    long beside = random.nextLong(moment);
    Process process = command.start();
    try {
      process.waitFor(beside, TimeUnit.NANOSECONDS);
      CompletableFuture<CommandResult> other =
          CompletableFuture.supplyAsync(
              backup.with("--retry-lock", "3m")::run, task -> Thread.ofVirtual().start(task));
      process.waitFor(moment - beside, TimeUnit.NANOSECONDS);
      process.destroyForcibly().waitFor();
      CommandResult ended = result(other);
      assertThat(ended.exitCode()).as(when() + ": " + ended.errors()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static CommandResult result(CompletableFuture<CommandResult> running) throws Exception {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /// What both programs find nothing wrong with, to the last byte.
  void checkClean(Workplace work) {
    // A lock of the killed process may be left, which restic cannot know for dead.
    for (CommandResult check :
        new CommandResult[] {
          work.holdfast().run("check"), work.restic().run("check", "--no-lock", "--read-data")
        }) {
      assertThat(check.exitCode()).as(when() + ": " + check.output() + check.errors()).isZero();
    }
  }

  /// Puts a folder in place of another.
  static void replace(Path folder, Path by) {
    Command.of("rm", "-rf", folder.toString()).run().succeeded();
    Command.of("cp", "-a", by.toString(), folder.toString()).run().succeeded();
  }
}
