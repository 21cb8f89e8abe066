package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A command of the shell that runs on a pseudo terminal, for two minutes at most. Not thread-safe.
final class OnTerminal implements AutoCloseable {
  private static final long MINUTES_MAX = 2;

  private final Process process;
  private final Reader output;
  private final OutputStream keys;
  private final StringBuilder seen = new StringBuilder();

  /// @param variables put over the environment of the test
  OnTerminal(String line, Map<String, String> variables) throws IOException {
    // Tests that run in the background may ignore the interrupt, and so would all that they start.
    ProcessBuilder builder =
        new ProcessBuilder(
                "env",
                "--default-signal=INT",
                "script",
                "-q",
                "-e",
                "-c",
                "stty rows 24 columns 160; " + line,
                "/dev/null")
            .redirectErrorStream(true);
    builder.environment().put("TERM", "xterm");
    builder.environment().putAll(variables);
    process = builder.start();
    output = process.inputReader(StandardCharsets.UTF_8);
    keys = process.getOutputStream();
    CompletableFuture.delayedExecutor(MINUTES_MAX, TimeUnit.MINUTES)
        .execute(process::destroyForcibly); // which ends what waits for its output
  }

  /// Reads until `text` is on the screen.
  OnTerminal sees(String text) throws IOException {
    while (seen.indexOf(text) < 0) {
      int next = output.read();
      assertThat(next).as("waited for '%s' in:%n%s", text, seen).isNotNegative();
      seen.append((char) next);
    }
    seen.delete(0, seen.indexOf(text) + text.length());
    return this;
  }

  /// The line that has `text` in it, when `last` is on the screen.
  String line(String text, String last) throws IOException {
    StringBuilder all = new StringBuilder(seen);
    while (all.indexOf(last) < 0) {
      int next = output.read();
      assertThat(next).as("waited for '%s' in:%n%s", last, all).isNotNegative();
      all.append((char) next);
      seen.append((char) next);
    }
    return all.toString()
        .lines()
        .filter(line -> line.contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + text + " in " + all));
  }

  OnTerminal types(String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
    return this;
  }

  /// Waits for the end; gives the exit status.
  int ends() throws IOException, InterruptedException {
    for (int next = output.read(); next >= 0; next = output.read()) {
      seen.append((char) next); // the end of the output is the end of the program
    }
    return process.waitFor();
  }

  /// What was on the screen and nobody has looked for.
  String rest() {
    return seen.toString();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
