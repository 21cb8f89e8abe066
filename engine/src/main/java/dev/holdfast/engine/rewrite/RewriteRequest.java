package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.repository.error.HoldfastException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/// What is to become of snapshots.
///
/// @param excludes patterns of what is left out
/// @param hostname the new host
/// @param time the new time
/// @param summary whether snapshots without a summary get one
/// @param forget whether the old snapshots are removed; otherwise the new ones are tagged
/// @param dryRun whether nothing is stored and nothing removed
public record RewriteRequest(
    List<PathFilter> excludes,
    Optional<String> hostname,
    Optional<OffsetDateTime> time,
    boolean summary,
    boolean forget,
    boolean dryRun) {
  public RewriteRequest {
    excludes = excludes.stream().filter(filter -> !filter.isEmpty()).toList();
    if (excludes.isEmpty() && hostname.isEmpty() && time.isEmpty() && !summary) {
      throw new HoldfastException.Rejected(
          "nothing was said about what to change",
          "use --exclude, --new-host, --new-time or --snapshot-summary");
    }
  }

  boolean hasNewMetadata() {
    return hostname.isPresent() || time.isPresent();
  }

  boolean readsTrees() {
    return !excludes.isEmpty() || summary;
  }
}
