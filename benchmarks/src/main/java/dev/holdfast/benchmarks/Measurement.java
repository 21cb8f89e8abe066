package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What one run of a whole process cost, as the operating system accounts it.
///
/// @param wallSeconds from start to exit
/// @param cpuSeconds user and system time
/// @param peakKib peak resident size in KiB
record Measurement(double wallSeconds, double cpuSeconds, long peakKib) {
  private static final String GNU_TIME = "/usr/bin/time";
  private static final long TIMEOUT_MINUTES = 30;

  /// Runs `command` under GNU time and waits for it.
  ///
  /// @throws IOException if it cannot be started or does not exit with 0; holds its last output
  static Measurement of(List<String> command, Map<String, String> environment, Path scratch)
      throws IOException, InterruptedException {
    Path figures = scratch.resolve("figures");
    Path output = scratch.resolve("output");
    List<String> timed =
        new ArrayList<>(List.of(GNU_TIME, "-f", "%e %U %S %M", "-o", figures.toString()));
    timed.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(timed).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectOutput(output.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(command + " did not finish");
    }
    double wall = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != 0) {
      throw new IOException(
          command + " exited with " + process.exitValue() + ": " + Files.readString(output));
    }
    String[] fields = Files.readString(figures).strip().split(" ", -1);
    return new Measurement(
        wall,
        Double.parseDouble(fields[1]) + Double.parseDouble(fields[2]),
        Long.parseLong(fields[3]));
  }
}
