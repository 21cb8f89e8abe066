package dev.holdfast.engine.recover;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.recover.journal.Journal;
import dev.holdfast.engine.recover.journal.JournalFolder;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replaced;
import dev.holdfast.engine.recover.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// About how long a recovery takes until it is confirmed that all is well, by what was measured.
///
/// @param basis what was measured, for people
public record TimeEstimate(Duration duration, String basis) {
  /// Of more recoveries the oldest say little of this machine as it is.
  private static final int RECOVERIES_MAX = 5;

  /// A measurement of less is one of how long things take to begin.
  private static final long BYTES_MIN = 1 << 20;

  /// Steps whose time follows the bytes.
  private static final List<Step> HEAVY = List.of(Step.RESTORE_POINT, Step.STAGE, Step.VERIFY);

  /// What an estimate is made from.
  private record Rate(long bytes, double seconds) {
    private Rate plus(Rate other) {
      return new Rate(bytes + other.bytes, seconds + other.seconds);
    }

    private boolean says() {
      return bytes >= BYTES_MIN && seconds > 0;
    }
  }

  /// The estimate for a plan: by the last recoveries on this machine, or else by how long the
  /// backup took to read the same sources; empty if neither says anything.
  ///
  /// @param recoveries all there were, oldest first
  public static Optional<TimeEstimate> of(
      Plan plan, List<JournalFolder.Listed> recoveries, Optional<Manifest> manifest) {
    long bytes = bytes(plan);
    Rate earlier = earlier(recoveries);
    if (earlier.says()) {
      return Optional.of(
          new TimeEstimate(time(bytes, earlier, 1), "by how long earlier recoveries took"));
    }
    Rate backup = manifest.map(TimeEstimate::backup).orElse(new Rate(0, 0));
    if (backup.says()) {
      // Read for the restore point, written to the stage, read again to verify it.
      int passes = plan.restorePoint() ? HEAVY.size() : HEAVY.size() - 1;
      return Optional.of(
          new TimeEstimate(time(bytes, backup, passes), "by how long the backup took"));
    }
    return Optional.empty();
  }

  private static long bytes(Plan plan) {
    return plan.replaced().stream().mapToLong(Replaced::bytes).sum();
  }

  private static Duration time(long bytes, Rate rate, int passes) {
    return Duration.ofMillis(Math.round(1000.0 * passes * bytes * rate.seconds() / rate.bytes()));
  }

  private static Rate earlier(List<JournalFolder.Listed> recoveries) {
    return recoveries.reversed().stream()
        .map(JournalFolder.Listed::journal)
        .filter(journal -> HEAVY.stream().allMatch(step -> journal.duration(step).isPresent()))
        .filter(journal -> bytes(journal.plan()) >= BYTES_MIN)
        .limit(RECOVERIES_MAX)
        .map(TimeEstimate::rate)
        .reduce(new Rate(0, 0), Rate::plus);
  }

  private static Rate rate(Journal journal) {
    double seconds =
        HEAVY.stream()
            .mapToDouble(step -> journal.duration(step).orElse(Duration.ZERO).toMillis() / 1000.0)
            .sum();
    return new Rate(bytes(journal.plan()), seconds);
  }

  private static Rate backup(Manifest manifest) {
    return manifest.sources().stream()
        .filter(ManifestSource::wasRead)
        .map(source -> new Rate(source.bytes(), source.duration().toMillis() / 1000.0))
        .reduce(new Rate(0, 0), Rate::plus);
  }
}
