package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client program that runs. What it says on its standard error is kept for the message of a
/// failure. One thread at a time; [#close] ends it, from any thread.
final class ClientProcess implements AutoCloseable {
  /// Lines of standard error that are kept: the last ones say why it ended.
  private static final int KEPT_LINES = 12;

  /// Longest line that is kept, in characters: a failing statement may be quoted in it.
  private static final int KEPT_CHARS = 500;

  private static final int GRACE_SECONDS = 5;

  private static final Pattern WARNING = Pattern.compile("pg_\\w+: warning: (.*)");

  private final String name;
  private final Process process;
  private final Thread errorReader;
  private final Deque<String> errors = new ArrayDeque<>();

  private ClientProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.errorReader = Thread.ofPlatform().daemon().name(name + "-errors").start(this::readErrors);
  }

  /// Starts a program.
  ///
  /// @param name for messages, such as `pg_dump`
  /// @param settings whose password goes into the program's environment
  /// @param environment of the program, the password aside
  static ClientProcess start(
      String name,
      List<String> command,
      PostgresSettings settings,
      Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    // Messages of libpq in English, as everything else here.
    builder.environment().put("LC_MESSAGES", "C");
    builder.environment().remove("LC_ALL");
    builder.environment().remove("LANGUAGE");
    builder.environment().putIfAbsent("PGAPPNAME", "holdfast");
    builder.environment().putIfAbsent("PGCONNECT_TIMEOUT", "15");
    settings.password().ifPresent(password -> builder.environment().put("PGPASSWORD", password));
    try {
      return new ClientProcess(name, builder.start());
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot start " + command.getFirst() + ": " + Reason.of(e), "", e);
    }
  }

  private void readErrors() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        keep(line.strip());
      }
    } catch (IOException _) {
      // The program was ended in the middle of a line.
    }
  }

  private synchronized void keep(String line) {
    if (line.isEmpty()) {
      return;
    }
    if (errors.size() == KEPT_LINES) {
      errors.removeFirst();
    }
    errors.addLast(line.substring(0, Math.min(line.length(), KEPT_CHARS)));
  }

  InputStream output() {
    return process.getInputStream();
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  /// Has it told, until that is closed, when the program does nothing for long.
  ProcessWatch watch(Silence silence, String place) {
    return new ProcessWatch(process, silence, place);
  }

  /// Waits until the program has ended.
  ///
  /// @return its exit code; 128 and the number of the signal if one ended it
  int exitCode() {
    try {
      int exit = process.waitFor();
      // Whoever inherited the other end could keep it open.
      errorReader.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
      return exit;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted while " + name + " was running");
    }
  }

  /// The last lines it wrote to its standard error, as one line without the program's name.
  synchronized String lastErrors() {
    StringBuilder text = new StringBuilder();
    for (String line : errors) {
      String said =
          line.replaceFirst("^(psql:<stdin>:\\d+|psql|pg_dump|pg_dumpall|pg_restore): ", "");
      said = said.replaceFirst("^(error|fatal|detail|hint): ", "");
      text.append(text.isEmpty() ? "" : "; ").append(said);
    }
    return text.toString();
  }

  /// What it warned of, without its name. To be asked when it has ended.
  synchronized List<String> warnings() {
    return errors.stream()
        .map(WARNING::matcher)
        .filter(Matcher::matches)
        .map(warning -> warning.group(1))
        .toList();
  }

  @Override
  public void close() {
    process.destroy();
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
