package dev.holdfast.repository.format;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A snapshot file (format sheet, section 7). Field order is the order in the JSON; null and empty
/// mean absent.
///
/// @param paths absolute paths that were backed up
/// @param uid zero is written as absent, as Go does
public record Snapshot(
    OffsetDateTime time,
    @Nullable SnapshotId parent,
    BlobId tree,
    List<String> paths,
    String hostname,
    String username,
    long uid,
    long gid,
    List<String> excludes,
    List<String> tags,
    @Nullable SnapshotId original,
    String programVersion,
    @Nullable SnapshotSummary summary) {

  public Snapshot {
    paths = List.copyOf(paths);
    excludes = List.copyOf(excludes);
    tags = List.copyOf(tags);
  }

  /// A builder that starts with this snapshot's values.
  public SnapshotBuilder toBuilder() {
    return new SnapshotBuilder(this);
  }
}
