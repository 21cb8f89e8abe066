package dev.holdfast.engine.source.sqlite;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A child process of this JVM's classes. Applications run in their own process, as in life: POSIX
/// locks mean nothing within one.
public final class WriterProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final BufferedWriter input;

  private WriterProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.input = process.outputWriter(StandardCharsets.UTF_8);
  }

  /// Starts `main` and waits until it says that it is ready.
  public static WriterProcess start(Class<?> main, Object... args) throws IOException {
    return start(List.of(), main, args);
  }

  /// The same through a command in front, such as one that gives up privileges.
  public static WriterProcess start(List<String> wrapper, Class<?> main, Object... args)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    Arrays.stream(args).map(String::valueOf).forEach(command::add);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    WriterProcess writer = new WriterProcess(process);
    String line = writer.output.readLine();
    if (!"ready".equals(line)) {
      throw new IOException(main.getSimpleName() + " says " + line);
    }
    return writer;
  }

  public long pid() {
    return process.pid();
  }

  public void say(String line) throws IOException {
    input.write(line);
    input.newLine();
    input.flush();
  }

  public String readLine() throws IOException {
    return String.valueOf(output.readLine());
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// Ends the process in peace; gives what it printed, by first word and second.
  public Map<String, List<Long>> finish() throws IOException, InterruptedException {
    input.close();
    Map<String, List<Long>> latencies = new HashMap<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      String[] words = line.split(" ", -1);
      if (!words[0].equals("latency")) {
        throw new IOException("the writer says " + line);
      }
      List<Long> samples = new ArrayList<>();
      for (int i = 2; i < words.length; i++) {
        samples.add(Long.parseLong(words[i]));
      }
      latencies.put(words[1], samples);
    }
    process.waitFor();
    return latencies;
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
      output.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
