package dev.holdfast.engine.archive;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.DistantFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A distant folder in memory, which can be made to fail at a call, once or from then on.
final class MemoryFolder implements DistantFolder {
  final TreeMap<String, byte[]> files = new TreeMap<>();
  Instant now = Instant.parse("2026-03-08T12:00:00Z");

  private final TreeMap<String, Instant> changed = new TreeMap<>();
  private int callsLeft = Integer.MAX_VALUE;
  private boolean forGood;

  /// Has the call after `calls` more fail.
  ///
  /// @param forGood and all calls after it, as if the program had been killed
  void failAfter(int calls, boolean forGood) {
    callsLeft = calls;
    this.forGood = forGood;
  }

  void heal() {
    callsLeft = Integer.MAX_VALUE;
  }

  private void call() {
    if (callsLeft == 0) {
      callsLeft = forGood ? 0 : Integer.MAX_VALUE;
      throw new HoldfastException.InputOutput("the network is gone", "", null);
    }
    callsLeft--;
  }

  @Override
  public String location() {
    return "s3:host/bucket";
  }

  @Override
  public void put(String name, Path file) {
    call();
    try {
      files.put(name, Files.readAllBytes(file));
      changed.put(name, now);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void get(String name, Path file) {
    call();
    try {
      Files.write(file, files.get(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void list(String prefix, Consumer<Entry> each) {
    call();
    List.copyOf(files.keySet()).stream()
        .filter(name -> name.startsWith(prefix))
        .forEach(name ->
            each.accept(
                new Entry(
                    name, files.get(name).length, changed.getOrDefault(name, Instant.EPOCH))));
  }

  @Override
  public void delete(String name) {
    call();
    files.remove(name);
  }

  @Override
  public void close() {}
}
