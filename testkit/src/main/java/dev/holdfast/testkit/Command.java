package dev.holdfast.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A program to run with arguments, environment and working directory; immutable.
public record Command(
    List<String> words, Map<String, String> environment, @Nullable Path directory) {
  private static final long TIMEOUT_MINUTES = 8;
  private static final long SAID_WITHIN_SECONDS = 5;

  /// What a failed test left running does not outlive the tests.
  private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> STARTED.forEach(Process::destroyForcibly)));
  }

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  public static Command of(String... words) {
    return new Command(List.of(words), Map.of(), null);
  }

  /// The `main` of a class of these tests in a process of its own.
  public static Command ofMain(Class<?> program, String... arguments) {
    return of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName())
        .with(arguments);
  }

  /// This command with more arguments.
  public Command with(String... arguments) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(arguments));
    return new Command(all, environment, directory);
  }

  public Command withEnvironment(String name, String value) {
    Map<String, String> all = new TreeMap<>(environment);
    all.put(name, value);
    return new Command(words, all, directory);
  }

  public Command in(Path newDirectory) {
    return new Command(words, environment, newDirectory);
  }

  /// Runs it to its end with an empty standard input.
  ///
  /// @throws AssertionError if it does not end in time
  public CommandResult run() {
    try {
      Process process = start();
      process.getOutputStream().close();
      CompletableFuture<String> output = read(process.getInputStream());
      CompletableFuture<String> errors = read(process.getErrorStream());
      if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        String said = errors.completeOnTimeout("", SAID_WITHIN_SECONDS, TimeUnit.SECONDS).join();
        throw new AssertionError(String.join(" ", words) + " did not end: " + said);
      }
      return new CommandResult(words, process.exitValue(), output.join(), errors.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while running " + words, e);
    }
  }

  /// Starts it with pipes, for tests that watch it or kill it.
  public Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    Process process = builder.start();
    STARTED.add(process);
    return process;
  }

  private static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }
}
