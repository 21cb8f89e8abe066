package dev.holdfast.engine.source.duckdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// [DuckProgram] in a process of its own, with the driver of one version of DuckDB.
public final class DuckProcess implements AutoCloseable {
  /// The version that the program itself uses, from the class path.
  public static final String CURRENT = "current";

  private static final Path JARS = Path.of("target", "duckdb");

  private final Process process;
  private final Path temporary;
  private final BufferedReader output;

  private DuckProcess(Process process, Path temporary) {
    this.process = process;
    this.temporary = temporary;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /// Older versions of which there is a driver, `1.0.0` first.
  static List<String> olderVersions() throws IOException {
    try (Stream<Path> files = Files.list(JARS)) {
      return files
          .map(file -> file.getFileName().toString())
          .map(name -> name.substring("duckdb_jdbc-".length(), name.length() - ".jar".length()))
          .sorted()
          .toList();
    }
  }

  /// Starts the program.
  public static DuckProcess start(String version, String... arguments) throws IOException {
    String driver =
        version.equals(CURRENT)
            ? currentDriver()
            : JARS.resolve("duckdb_jdbc-" + version + ".jar").toString();
    // Drivers unpack themselves there, and leave that when they are killed.
    Path temporary = Files.createTempDirectory("duckdb-process-");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Path.of("target", "test-classes") + ":" + driver,
                DuckProgram.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    return new DuckProcess(builder.start(), temporary);
  }

  /// Runs the program to its end.
  ///
  /// @return what it said
  public static String run(String version, String... arguments) throws Exception {
    try (DuckProcess program = start(version, arguments)) {
      String said = program.output.lines().collect(Collectors.joining("\n"));
      if (program.process.waitFor() != 0) {
        throw new AssertionError("DuckDB " + version + ": " + said);
      }
      return said;
    }
  }

  private static String currentDriver() {
    return Stream.of(System.getProperty("java.class.path").split(":"))
        .filter(entry -> entry.contains("duckdb_jdbc"))
        .findFirst()
        .orElseThrow();
  }

  /// Waits until the program says `ready`.
  public DuckProcess awaitReady() throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals("ready")) {
        return this;
      }
      said.append(line).append('\n');
    }
    throw new AssertionError(said.toString());
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Kills the program, as `kill -9` does.
  @Override
  public void close() {
    process.destroyForcibly();
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        process.waitFor();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    removeTemporary();
  }

  private void removeTemporary() {
    try (Stream<Path> files = Files.walk(temporary)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
