package dev.holdfast.engine.recover.service;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs a command to its end, or to the end of its time. Its output goes into a file without a name
/// that is left to the process, so that a service which was started keeps nobody waiting by holding
/// a pipe open.
final class TimedCommand {
  private static final Duration GRACE = Duration.ofSeconds(2);

  /// What is shown of the output of a command that failed.
  private static final int SHOWN_CHARACTERS = 400;

  private TimedCommand() {}

  /// How a command ended.
  ///
  /// @param inTime false if it had to be killed
  record Ended(boolean inTime, int status, String output) {
    boolean wasGood() {
      return inTime && status == 0;
    }

    String describe(List<String> words, Duration limit) {
      String what = "'" + words.getFirst() + "'";
      String shown = output.isEmpty() ? "" : ": " + output;
      return inTime
          ? what + " ended with status " + status + shown
          : what + " did not end within " + limit.toSeconds() + " s" + shown;
    }
  }

  static Ended run(List<String> words, Map<String, String> variables, Duration limit) {
    Path output = null;
    try {
      output = Files.createTempFile("holdfast-command", ".out");
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(variables);
      Process process = builder.start();
      boolean inTime = await(process, limit);
      return new Ended(inTime, inTime ? process.exitValue() : -1, tail(output));
    } catch (IOException e) {
      return new Ended(true, -1, String.valueOf(e.getMessage()));
    } finally {
      remove(output);
    }
  }

  private static boolean await(Process process, Duration limit) {
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        end(process);
      }
      return ended;
    } catch (InterruptedException e) {
      end(process);
      throw new HoldfastException.Cancelled("interrupted while a command ran");
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      boolean ended = process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private static String tail(Path output) throws IOException {
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
    String line = text.replaceAll("\\s+", " ");
    return line.length() > SHOWN_CHARACTERS
        ? "…" + line.substring(line.length() - SHOWN_CHARACTERS)
        : line;
  }

  private static void remove(@org.jspecify.annotations.Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // The system clears its temporary folder.
    }
  }
}
