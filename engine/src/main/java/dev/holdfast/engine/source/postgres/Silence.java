package dev.holdfast.engine.source.postgres;

import java.time.Duration;
import java.util.function.Consumer;

/// What is told when a server that was connected to says nothing for long. It may be busy, or wait
/// for a lock, or be there no more in a way that no connection notices, as when its machine stands
/// still: nobody can tell from here, so it is waited for, but not without a word. Thread-safe.
///
/// @param limit how long nothing is told
/// @param notices gets one sentence for each silence
public record Silence(Duration limit, Consumer<String> notices) {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /// Told to nobody.
  public static final Silence UNTOLD = toldTo(_ -> {});

  /// Told after a minute.
  public static Silence toldTo(Consumer<String> notices) {
    return new Silence(LIMIT, notices);
  }

  /// It has lasted for [#limit].
  ///
  /// @param place who says nothing, such as `the database 'shop'`
  void tell(String place) {
    notices.accept(
        "%s has said nothing for %d s and is waited for: it is busy, waits for a lock, or hangs"
            .formatted(place, limit.toSeconds()));
  }
}
