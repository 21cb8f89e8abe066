package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs the programs of a server in its folder.
///
/// @param folder of its data, which they begin in
/// @param log what they say
/// @param prefix of their commands
record ServerProgram(Path folder, Path log, List<String> prefix, Map<String, String> environment) {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration END_LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(10);

  /// Written by the server; what is in its lines is in PostgreSQL's source, `miscadmin.h`
  /// (`LOCK_FILE_LINE_PID`, `LOCK_FILE_LINE_PM_STATUS`).
  private static final String STATE = "postmaster.pid";

  private static final String READY = "ready";
  private static final int LINES_SHOWN = 3;

  ServerProgram {
    prefix = List.copyOf(prefix);
    environment = Map.copyOf(environment);
  }

  /// Runs a program to its end.
  ///
  /// @param script of a shell, whose arguments are the command
  /// @throws HoldfastException.InputOutput if it fails
  void run(String script, List<String> command) throws IOException {
    Process process = start(script, command);
    try {
      if (process.waitFor() != 0) {
        throw failed(command.getFirst() + " failed");
      }
    } catch (InterruptedException e) {
      end(process);
      throw interrupted();
    }
  }

  /// Starts a program.
  Process start(String script, List<String> command) throws IOException {
    List<String> words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    words.addAll(prefix);
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C");
    builder.directory(folder.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }

  /// Waits until the server takes connections.
  ///
  /// @throws HoldfastException.InputOutput if it never does
  void awaitReady(Process server) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (state(folder).stream().noneMatch(line -> line.strip().equals(READY))) {
      if (!server.isAlive() || System.nanoTime() - deadline > 0) {
        throw failed("the server for the databases did not start");
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
  }

  private static HoldfastException interrupted() {
    Thread.currentThread().interrupt();
    return new HoldfastException.Cancelled("interrupted while a server was being made");
  }

  private static List<String> state(Path folder) throws IOException {
    try {
      return Files.readAllLines(folder.resolve(STATE), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private HoldfastException failed(String what) throws IOException {
    List<String> said = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    List<String> last = said.subList(Math.max(0, said.size() - LINES_SHOWN), said.size());
    return new HoldfastException.InputOutput(what + ": " + String.join("; ", last), "", null);
  }

  /// Ends it: by closing its input, or else by force.
  void end(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It is gone.
    }
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(END_LIMIT)) {
        process.destroyForcibly().waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends a server whose process has this folder.
  static void endAbandoned(Path folder) {
    try {
      long pid =
          state(folder).stream()
              .findFirst()
              .map(String::strip)
              .filter(line -> line.matches("\\d{1,9}"))
              .map(Long::parseLong)
              .orElse(0L);
      if (pid > 1 && isIn(pid, folder)) {
        new ProcessBuilder("sh", "-c", "kill -QUIT \"$1\"", "sh", Long.toString(pid))
            .start()
            .waitFor();
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        while (isIn(pid, folder) && System.nanoTime() - deadline < 0) {
          Thread.sleep(PAUSE);
        }
      }
    } catch (IOException e) {
      // What cannot be looked at is not ours, and a server ends by itself when its files are gone.
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /// Whether a process works in a folder: a number alone may be another's by now.
  private static boolean isIn(long pid, Path folder) throws IOException {
    Path link = Path.of("/proc", Long.toString(pid), "cwd");
    try {
      return Files.readSymbolicLink(link).equals(folder.toRealPath());
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
