package dev.holdfast.repository.maintenance;

import java.util.List;

/// What a check found.
///
/// @param findings with their effects, the first [#MAX_FINDINGS]
/// @param errors how many findings are errors
/// @param hints how many are hints
/// @param snapshots how many were checked
/// @param trees how many different trees were read
/// @param packs how many the index names
/// @param packsRead how many were read as a whole
/// @param bytesRead how many bytes these have
/// @param unusedBlobs stored blobs that no snapshot needs; -1 if that was not asked for
public record CheckReport(
    List<Entry> findings,
    long errors,
    long hints,
    long snapshots,
    long trees,
    long packs,
    long packsRead,
    long bytesRead,
    long unusedBlobs) {
  /// Bounds memory where everything is damaged; the numbers go on.
  public static final int MAX_FINDINGS = 10_000;

  /// A finding with what it means.
  public record Entry(Finding finding, Effect effect) {}

  public CheckReport {
    findings = List.copyOf(findings);
  }

  /// Whether there are no errors. Hints do not count, as in restic.
  public boolean isHealthy() {
    return errors == 0;
  }
}
