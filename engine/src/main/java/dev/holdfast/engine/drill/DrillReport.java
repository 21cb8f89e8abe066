package dev.holdfast.engine.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// What a drill proved, and what it did not: the content of its record, and of every report.
///
/// @param id names the drill, such as `20260308T120000Z-1f3c`
/// @param program such as `holdfast 0.1.0`
/// @param repository where it is, for people
/// @param host the machine that the drill was on
/// @param start when the drill began
/// @param end when everything was checked
/// @param sources in the order in which they were staged
/// @param checks in the order of the configuration
/// @param reasons why it failed, sentences; empty if it succeeded
/// @param notes sentences for whoever reads the report
public record DrillReport(
    String id,
    String program,
    String app,
    Drilled snapshot,
    String repository,
    String host,
    Instant start,
    Instant end,
    List<SourceProof> sources,
    List<CheckResult> checks,
    Times times,
    List<String> reasons,
    List<String> notes) {
  public DrillReport {
    sources = List.copyOf(sources);
    checks = List.copyOf(checks);
    reasons = List.copyOf(reasons);
    notes = List.copyOf(notes);
  }

  /// The snapshot.
  ///
  /// @param id 64 hexadecimal digits
  /// @param tree 64 hexadecimal digits: what the drill is about, whatever becomes of the id
  /// @param host that it was made on
  public record Drilled(String id, String tree, Instant time, String host) {
    private static final int SHORT_DIGITS = 8;

    public String shortId() {
      return id.substring(0, Math.min(SHORT_DIGITS, id.length()));
    }
  }

  /// One source of the snapshot.
  ///
  /// @param path in the snapshot
  /// @param rows of all its tables, as the manifest says and the drill counted; empty of files
  /// @param failure why it is not proven; empty if it is
  /// @param proof what was proven, a phrase
  public record SourceProof(
      String name,
      String kind,
      String path,
      Map<String, String> bindings,
      long bytes,
      OptionalLong rows,
      Optional<String> failure,
      String proof) {
    public SourceProof {
      bindings = java.util.Collections.unmodifiableMap(new TreeMap<>(bindings));
    }
  }

  /// One check of the app's own.
  ///
  /// @param kind `sql`, `files` or `command`
  /// @param detail what was found, or what failed
  public record CheckResult(String name, String kind, boolean passed, String detail) {}

  /// How long it took.
  ///
  /// @param stage until everything was written and read again
  /// @param verify until every database was opened, checked and counted
  /// @param check for the app's own checks
  /// @param restorePoint what a backup of the present state would take before: as long as the
  ///   snapshot's own
  public record Times(Duration stage, Duration verify, Duration check, Duration restorePoint) {
    public static final Times NONE =
        new Times(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /// Until the data of the snapshot is there and verified.
    public Duration toData() {
      return stage.plus(verify);
    }

    /// An estimate of how long a recovery takes, without what the service itself needs to stop and
    /// to start.
    public Duration toService() {
      return restorePoint.plus(toData());
    }
  }

  /// Whether everything was proven.
  public boolean passed() {
    return reasons.isEmpty();
  }

  public long bytes() {
    return sources.stream().mapToLong(SourceProof::bytes).sum();
  }
}
