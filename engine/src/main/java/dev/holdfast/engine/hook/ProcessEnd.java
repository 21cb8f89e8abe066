package dev.holdfast.engine.hook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Ends a command of a person's own with all that it started: a shell does not pass a signal on to
/// what it runs, and what it runs may ignore it.
public final class ProcessEnd {
  private ProcessEnd() {}

  /// Asks all of it to end, and kills what is left of it after `grace`, or when the thread is
  /// interrupted, which it still is afterwards.
  public static void of(Process process, Duration grace) {
    List<ProcessHandle> all = new ArrayList<>();
    try (Stream<ProcessHandle> started = process.descendants()) {
      started.forEach(all::add);
    }
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    try {
      CompletableFuture.allOf(
              all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
          .get(grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      // It is killed below.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nothing in it can fail
    } finally {
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
