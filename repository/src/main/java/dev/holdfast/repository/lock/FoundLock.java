package dev.holdfast.repository.lock;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.format.LockFile;
import dev.holdfast.repository.format.LockId;
import java.time.Duration;
import java.time.Instant;

/// A lock that lies in the repository.
public record FoundLock(LockId id, LockFile file) {
  /// How long ago it was taken or last refreshed; zero if its holder's clock is ahead.
  public Duration age(Instant now) {
    Duration age = Duration.between(file.time().toInstant(), now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /// Names the holder and the age, for people: host, process, user, mode, age and the lock's id.
  public String describe(Instant now) {
    return "%s by process %d of user %s on host %s, %s ago (lock %s)"
        .formatted(
            file.exclusive() ? "exclusively" : "for shared use",
            file.pid(),
            named(file.username()),
            named(file.hostname()),
            inWords(age(now)),
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
