package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.hook.ProcessEnd;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs commands, each to its end or to the end of its time. Their output goes into files without a
/// name that is left to the process, so that a service which was started keeps nobody waiting by
/// holding a pipe open.
final class TimedCommand {
  private static final Duration GRACE = Duration.ofSeconds(2);

  /// What is shown of the output of a command that failed.
  private static final int SHOWN_CHARACTERS = 400;

  /// What is read of an output, from its end.
  private static final int READ_BYTES_MAX = 64 << 10;

  private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

  private final Map<String, String> environment;

  /// @param environment all of the commands' variables
  TimedCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /// How a command ended.
  ///
  /// @param inTime false if it had to be killed
  /// @param answer its standard output
  /// @param errors its standard error
  record Ended(boolean inTime, int status, String answer, String errors) {
    boolean wasGood() {
      return inTime && status == 0;
    }

    String describe(List<String> words, Duration limit) {
      String what = "'" + words.getFirst() + "'";
      String shown = shown();
      String output = shown.isEmpty() ? "" : ": " + shown;
      return inTime
          ? what + " ended with status " + status + output
          : what + " did not end within " + limit.toSeconds() + " s" + output;
    }

    private String shown() {
      String line = (errors + " " + answer).strip().replaceAll("\\s+", " ");
      return OsString.display(
          line.length() > SHOWN_CHARACTERS
              ? "…" + line.substring(line.length() - SHOWN_CHARACTERS)
              : line);
    }
  }

  Ended run(List<String> words, Duration limit) {
    Path answer = null;
    Path errors = null;
    try {
      answer = Files.createTempFile("holdfast-command", ".out");
      errors = Files.createTempFile("holdfast-command", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(located(words))
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(answer.toFile())
              .redirectError(errors.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean inTime = await(process, limit);
      return new Ended(inTime, inTime ? process.exitValue() : -1, tail(answer), tail(errors));
    } catch (IOException e) {
      return new Ended(true, -1, "", String.valueOf(e.getMessage()));
    } finally {
      remove(answer);
      remove(errors);
    }
  }

  /// With the program where the environment's `PATH` has it: the system would look where that of
  /// this process leads.
  private List<String> located(List<String> words) {
    String program = words.getFirst();
    List<String> located = new ArrayList<>(words);
    if (program.indexOf('/') < 0) {
      for (String folder : environment.getOrDefault("PATH", USUAL_PATH).split(":", -1)) {
        Path file = Path.of(folder.isEmpty() ? "." : folder, program);
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
          located.set(0, file.toString());
          break;
        }
      }
    }
    return located;
  }

  private static boolean await(Process process, Duration limit) {
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        ProcessEnd.of(process, GRACE);
      }
      return ended;
    } catch (InterruptedException e) {
      ProcessEnd.of(process, GRACE);
      throw new HoldfastException.Cancelled("interrupted while a command ran");
    }
  }

  private static String tail(Path output) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
      long from = Math.max(0, file.length() - READ_BYTES_MAX);
      byte[] bytes = new byte[Math.toIntExact(file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static void remove(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // The system clears its temporary folder.
    }
  }
}
