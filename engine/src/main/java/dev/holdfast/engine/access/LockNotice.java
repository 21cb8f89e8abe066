package dev.holdfast.engine.access;

import dev.holdfast.repository.lock.LockEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What happens to locks, in words.
final class LockNotice {
  private LockNotice() {}

  static Optional<String> of(LockEvent event, Instant now) {
    return Optional.of(
        switch (event) {
          case LockEvent.DeadLockRemoved removed ->
              "removed a lock whose process is gone: " + removed.lock().describe(now);
          case LockEvent.Waiting waiting ->
              waiting.reason().getMessage() + "; waiting up to " + words(waiting.upTo());
          case LockEvent.ReadingAgain again ->
              "a lock cannot be read, and may still be on its way: "
                  + again.reason().getMessage()
                  + "; reading it again for up to "
                  + words(again.upTo());
          case LockEvent.RefreshFailed failed ->
              "the lock could not be refreshed, trying again: " + failed.failure().getMessage();
          case LockEvent.ReleaseFailed failed ->
              "the lock could not be removed: "
                  + failed.failure().getMessage()
                  + "; it stays until somebody who may delete it runs 'holdfast unlock'";
        });
  }

  private static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
