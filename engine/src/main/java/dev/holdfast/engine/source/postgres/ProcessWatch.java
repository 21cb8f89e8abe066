package dev.holdfast.engine.source.postgres;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Tells when a program that writes nothing to be read here does nothing for long: neither it nor
/// those that it started take time of the processor, because the server does not answer them.
final class ProcessWatch implements AutoCloseable {
  private final Process process;
  private final Silence silence;
  private final String place;
  private final Thread watcher;

  /// @param place what it is waiting for, or what it does
  ProcessWatch(Process process, Silence silence, String place) {
    this.process = process;
    this.silence = silence;
    this.place = place;
    this.watcher = Thread.ofPlatform().daemon().name("process-watch").start(this::watch);
  }

  private void watch() {
    try {
      boolean told = false;
      Duration before = spent();
      while (!process.waitFor(silence.limit().toNanos(), TimeUnit.NANOSECONDS)) {
        Duration now = spent();
        boolean rests = now.equals(before);
        if (rests && !told) {
          silence.tell(place);
        }
        told = rests;
        before = now;
      }
    } catch (InterruptedException _) {
      // Nobody waits for it any more.
    }
  }

  private Duration spent() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .flatMap(each -> each.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
