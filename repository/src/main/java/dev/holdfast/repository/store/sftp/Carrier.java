package dev.holdfast.repository.store.sftp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The program that carries the protocol to the server, `ssh` as a rule, and what it complains
/// about. Thread-safe.
final class Carrier implements AutoCloseable {
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  /// Lines of complaint that are kept, and characters of each.
  private static final int KEPT_LINES = 5;

  private static final int KEPT_CHARS = 300;

  private final Process process;
  private final Thread listener;
  private final Deque<String> lines = new ArrayDeque<>();

  private Carrier(Process process) {
    this.process = process;
    listener = Thread.ofPlatform().daemon().name("sftp-errors").start(this::listen);
  }

  static Carrier start(List<String> command) throws IOException {
    return new Carrier(new ProcessBuilder(command).start());
  }

  Process process() {
    return process;
  }

  private void listen() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      reader.lines().forEach(this::keep);
    } catch (IOException | UncheckedIOException e) {
      // It has nothing more to say.
    }
  }

  private void keep(String line) {
    String text = line.strip();
    if (!text.isEmpty()) {
      synchronized (lines) {
        if (lines.size() == KEPT_LINES) {
          lines.removeFirst();
        }
        lines.add(text.substring(0, Math.min(text.length(), KEPT_CHARS)));
      }
    }
  }

  /// What it said last, in one line; empty if it said nothing.
  String lastWords() throws InterruptedException {
    if (!process.isAlive() || process.waitFor(1, TimeUnit.SECONDS)) {
      listener.join(END_PATIENCE);
    }
    synchronized (lines) {
      return String.join("; ", lines);
    }
  }

  @Override
  public void close() {
    process.destroy();
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
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
