package dev.holdfast.engine.hook;

import dev.holdfast.engine.config.Hooks.Hook;
import dev.holdfast.posix.OsString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs one command of a person's own to its end or to the end of its time.
public final class HookCommand {
  /// What a hook prints is for a log that people read.
  static final int MAX_LINES = 1000;

  private static final int MAX_LINE_CHARACTERS = 2000;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Hook hook;
  private final Map<String, String> environment;
  private final Consumer<String> log;

  /// @param environment all of the command's variables
  /// @param log gets what the command prints, line by line, fit to be shown
  public HookCommand(Hook hook, Map<String, String> environment, Consumer<String> log) {
    this.hook = hook;
    this.environment = environment;
    this.log = log;
  }

  /// Why it failed, to be read after the name of the hook; empty if it did not.
  ///
  /// @throws InterruptedException if the wait is interrupted; the command was ended
  public Optional<String> run() throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(hook.command().words()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      return Optional.of("cannot be run: " + hook.command().program() + " cannot be started");
    }
    Thread reader = Thread.ofVirtual().start(() -> passOn(process));
    try {
      if (!process.waitFor(hook.timeLimit().toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.of("took longer than " + shown(hook.timeLimit()) + " and was ended");
      }
      // What it left running in the background may hold its output open for as long as it likes.
      reader.join(GRACE);
      int status = process.exitValue();
      return status == 0 ? Optional.empty() : Optional.of("failed with status " + status);
    } finally {
      if (process.isAlive()) {
        ProcessEnd.of(process, GRACE);
      }
    }
  }

  private static String shown(Duration duration) {
    return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }

  private void passOn(Process process) {
    try (Reader text =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      int lines = 0;
      for (int c = text.read(); c >= 0; c = text.read()) {
        if (c == '\n') {
          lines = pass(line, lines);
        } else if (line.length() < MAX_LINE_CHARACTERS) {
          line.append((char) c);
        }
      }
      if (!line.isEmpty()) {
        pass(line, lines);
      }
    } catch (IOException e) {
      // The command was ended, and its output with it.
    }
  }

  private int pass(StringBuilder line, int lines) {
    if (lines < MAX_LINES) {
      log.accept(OsString.display(line.toString()));
    } else if (lines == MAX_LINES) {
      log.accept("(more is left out)");
    }
    line.setLength(0);
    return Math.min(lines + 1, MAX_LINES + 1);
  }
}
