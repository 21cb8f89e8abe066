package dev.holdfast.engine.query;

import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotCodec;
import dev.holdfast.repository.format.SnapshotSummary;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A snapshot, for those who look at it. Immutable.
public final class SnapshotView {
  private final StoredSnapshot stored;

  public SnapshotView(StoredSnapshot stored) {
    this.stored = stored;
  }

  /// The record behind the view, for the rest of the engine.
  public StoredSnapshot stored() {
    return stored;
  }

  private Snapshot snapshot() {
    return stored.snapshot();
  }

  /// The id, 64 hexadecimal digits.
  public String id() {
    return stored.id().toString();
  }

  /// The first eight digits of the id.
  public String shortId() {
    return stored.id().hash().toShortHex();
  }

  public OffsetDateTime time() {
    return snapshot().time();
  }

  /// The id of the root tree.
  public String tree() {
    return snapshot().tree().toString();
  }

  /// The backed-up paths in ascending order.
  public List<String> paths() {
    return snapshot().paths().stream().sorted().toList();
  }

  public String hostname() {
    return snapshot().hostname();
  }

  public String username() {
    return snapshot().username();
  }

  public List<String> tags() {
    return snapshot().tags();
  }

  /// The id of the snapshot that this one was compared with when it was made.
  public Optional<String> parent() {
    return Optional.ofNullable(snapshot().parent()).map(Object::toString);
  }

  /// What the backup processed, in bytes; empty if its program did not record it.
  public OptionalLong totalBytes() {
    SnapshotSummary summary = snapshot().summary();
    return summary == null ? OptionalLong.empty() : OptionalLong.of(summary.totalBytesProcessed());
  }

  /// The snapshot's file as it is in the repository: a JSON object without white space.
  public String json() {
    return new String(SnapshotCodec.encode(snapshot()), StandardCharsets.UTF_8).strip();
  }

  /// The snapshot's JSON with its paths in ascending order, as restic lists it.
  public String sortedJson() {
    Snapshot sorted = snapshot().toBuilder().paths(paths()).build();
    return new String(SnapshotCodec.encode(sorted), StandardCharsets.UTF_8).strip();
  }

  @Override
  public String toString() {
    return "snapshot " + shortId();
  }
}
