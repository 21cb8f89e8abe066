package dev.holdfast.engine.config.proof;

import dev.holdfast.engine.config.AppSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What an owner wants proven of an app's backups.
///
/// @param checks asked by every drill, in the order of the file
/// @param backupEvery the age at which the newest complete snapshot is overdue
/// @param drillEvery the age at which the newest drill that succeeded is overdue
/// @param copies names of the repositories, besides the app's own, that hold its snapshots too
/// @param scratch where drills write; empty: the user's cache folder
/// @param server where drills make databases of PostgreSQL; empty: a cluster of their own
public record Proof(
    List<Check> checks,
    Optional<Duration> backupEvery,
    Optional<Duration> drillEvery,
    List<String> copies,
    Optional<String> scratch,
    Optional<AppSource.Postgres> server) {
  /// Nothing is asked for.
  public static final Proof NONE =
      new Proof(
          List.of(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty());

  public Proof {
    checks = List.copyOf(checks);
    copies = List.copyOf(copies);
  }
}
