package dev.holdfast.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Another virtual machine that runs one of the programs of these tests and is talked to in lines.
final class ChildJvm implements AutoCloseable {
  private static final String SHELL = "/bin/sh";

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.US_ASCII);
  }

  static ChildJvm start(Class<?> program, String... arguments) {
    return start(new ProcessBuilder(command(program, List.of(arguments))));
  }

  static ChildJvm startWithLocale(String locale, Class<?> program, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(command(program, List.of(arguments)));
    builder.environment().putAll(Map.of("LC_ALL", locale));
    return start(builder);
  }

  /// Arguments are words of the shell, so that they can hold any byte: `"$(printf '\377')"`.
  static ChildJvm startByShell(String locale, Class<?> program, String shellWords) {
    List<String> words = new ArrayList<>();
    command(program, List.of()).forEach(word -> words.add("'" + word + "'"));
    String line = "exec " + String.join(" ", words) + " " + shellWords;
    ProcessBuilder builder = new ProcessBuilder(SHELL, "-c", line);
    builder.environment().putAll(Map.of("LC_ALL", locale));
    return start(builder);
  }

  private static ChildJvm start(ProcessBuilder builder) {
    try {
      return new ChildJvm(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(Class<?> program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(arguments);
    return command;
  }

  long pid() {
    return process.pid();
  }

  /// The next line, the empty string at the end of the output.
  String readLine() throws IOException {
    String line = output.readLine();
    return line == null ? "" : line;
  }

  List<String> readAllLines() {
    return output.lines().toList();
  }

  void writeLine(String line) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    input.flush();
  }

  /// A real signal, as `kill` sends it.
  void signal(String name) throws IOException, InterruptedException {
    String command = "kill -" + name + " " + pid();
    if (new ProcessBuilder(SHELL, "-c", command).inheritIO().start().waitFor() != 0) {
      throw new IOException("could not: " + command);
    }
  }

  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
