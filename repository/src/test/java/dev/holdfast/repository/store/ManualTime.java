package dev.holdfast.repository.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A clock that only moves when somebody sleeps or a test moves it. Thread-safe.
public final class ManualTime extends Clock implements Sleeper {
  private final List<Duration> slept = new CopyOnWriteArrayList<>();
  private Instant now = Instant.parse("2026-03-01T12:00:00.123456789Z");

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    slept.add(duration);
    advance(duration);
  }

  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }

  /// The sleeps so far, oldest first.
  public List<Duration> slept() {
    return List.copyOf(slept);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
