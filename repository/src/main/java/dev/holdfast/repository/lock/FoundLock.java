package dev.holdfast.repository.lock;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.format.LockFile;
import dev.holdfast.repository.format.LockId;
import java.time.Duration;
import java.time.Instant;

/// A lock that lies in the repository.
public record FoundLock(LockId id, LockFile file) {
  /// Clocks of two machines may differ by so much without anything being wrong.
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  /// How long ago it was taken or last refreshed; zero if its holder's clock is ahead.
  public Duration age(Instant now) {
    Duration age = since(now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /// Whether its holder's clock, or the one here, is wrong.
  boolean isOfTheFuture(Instant now) {
    return since(now).plus(TOLERANCE).isNegative();
  }

  private Duration since(Instant now) {
    return Duration.between(file.time().toInstant(), now);
  }

  /// Names the holder and the age, for people: host, process, user, mode, age and the lock's id.
  public String describe(Instant now) {
    return "%s by process %d of user %s on host %s, %s (lock %s)"
        .formatted(
            file.exclusive() ? "exclusively" : "for shared use",
            file.pid(),
            named(file.username()),
            named(file.hostname()),
            isOfTheFuture(now)
                ? "dated " + inWords(since(now).negated()) + " from now"
                : inWords(age(now)) + " ago",
            id.hash().toShortHex());
  }

  boolean conflictsWith(LockMode mode) {
    return file.exclusive() || mode == LockMode.EXCLUSIVE;
  }

  private static String named(String name) {
    return name.isEmpty() ? "unknown" : OsString.display(name);
  }

  private static String inWords(Duration age) {
    if (age.toDays() > 1) {
      return age.toDays() + " days";
    }
    if (age.toHours() > 1) {
      return age.toHours() + " hours";
    }
    return age.toMinutes() > 1 ? age.toMinutes() + " minutes" : age.toSeconds() + " seconds";
  }
}
