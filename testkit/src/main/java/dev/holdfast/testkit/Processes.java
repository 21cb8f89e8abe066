package dev.holdfast.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Waiting for processes that need not be children of this one.
public final class Processes {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Processes() {}

  /// Waits until none of them runs. Whoever has ended and was not yet asked for its status by its
  /// parent, which may be a stranger, counts as ended.
  ///
  /// @throws AssertionError if one runs on
  public static void awaitEnd(List<ProcessHandle> processes) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    for (ProcessHandle process : processes) {
      while (process.isAlive() && !isZombie(process.pid())) {
        if (System.nanoTime() - deadline > 0) {
          throw new AssertionError("still runs: " + process.pid() + " " + process.info());
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  /// See proc_pid_stat(5): the name in parentheses may hold anything, the state follows it.
  private static boolean isZombie(long pid) {
    try {
      String state =
          Files.readString(
              Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      return state.startsWith(") Z", state.lastIndexOf(')'));
    } catch (IOException e) {
      return false; // it is gone, as the next look says
    }
  }
}
