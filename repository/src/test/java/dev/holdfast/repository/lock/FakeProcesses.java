package dev.holdfast.repository.lock;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Processes that a test starts and ends.
final class FakeProcesses implements Processes {
  private final String place;
  private final Map<Long, String> starts = new ConcurrentHashMap<>();
  private volatile boolean ignoresHangup;

  FakeProcesses(String place) {
    this.place = place;
  }

  FakeProcesses start(long pid, String start) {
    starts.put(pid, start);
    return this;
  }

  void end(long pid) {
    starts.remove(pid);
  }

  boolean ignoresHangup() {
    return ignoresHangup;
  }

  @Override
  public boolean isAlive(long pid) {
    return starts.containsKey(pid);
  }

  @Override
  public Optional<String> place() {
    return place.isEmpty() ? Optional.empty() : Optional.of(place);
  }

  @Override
  public Optional<String> start(long pid) {
    return Optional.ofNullable(starts.get(pid));
  }

  @Override
  public void ignoreHangup() {
    ignoresHangup = true;
  }
}
