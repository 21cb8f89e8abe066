package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A process that holds a database until it is told to stop, and scripts that stop it, start it and
/// say whether it runs. They write down when: the stop before it does anything, the start when the
/// process is there.
final class SmallService implements AutoCloseable {
  private final Path folder;

  /// @param holder a shell command that becomes the process
  SmallService(Path folder, String holder) throws IOException {
    this.folder = folder;
    // A process that nobody waited for still has a number, and no program.
    script("status", "[ -e /proc/$(cat pid)/exe ]");
    script(
        "stop",
        """
        echo $EPOCHREALTIME > stopped
        kill $(cat pid) 2>/dev/null
        while [ -e /proc/$(cat pid)/exe ]; do sleep 0.005; done
        """);
    script(
        "start",
        """
        setsid ./holder </dev/null >/dev/null 2>&1 &
        echo $! > pid
        echo $EPOCHREALTIME > started
        """);
    script("holder", "exec " + holder);
  }

  private void script(String name, String commands) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/bash\ncd '" + folder + "'\n" + commands + "\n");
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
  }

  String stop() {
    return folder.resolve("stop").toString();
  }

  String start() {
    return folder.resolve("start").toString();
  }

  String status() {
    return folder.resolve("status").toString();
  }

  /// Runs it.
  void run() throws IOException, InterruptedException {
    execute(start());
  }

  /// Ends it, if it runs.
  void end() throws IOException, InterruptedException {
    if (Files.exists(folder.resolve("pid"))) {
      execute(stop());
    }
  }

  private static void execute(String script) throws IOException, InterruptedException {
    int status = new ProcessBuilder(List.of(script)).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(script + " ended with " + status);
    }
  }

  /// Between the last stop and the last start.
  Duration stoppedFor() throws IOException {
    return Duration.ofNanos(nanos("started") - nanos("stopped"));
  }

  private long nanos(String name) throws IOException {
    return Long.parseLong(Files.readString(folder.resolve(name)).strip().replace(".", "")) * 1000;
  }

  @Override
  public void close() throws IOException {
    try {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
