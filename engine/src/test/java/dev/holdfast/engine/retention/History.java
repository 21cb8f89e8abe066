package dev.holdfast.engine.retention;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import java.time.OffsetDateTime;
import java.util.List;

/// Snapshots that were never made.
final class History {
  private History() {}

  static SnapshotView snapshot(long number, OffsetDateTime time, String host, String... tags) {
    Hash hash = new Hash(1, 0, 0, number);
    return new SnapshotView(
        new StoredSnapshot(
            new SnapshotId(hash),
            new Snapshot(
                time,
                null,
                new BlobId(hash),
                List.of("/data"),
                host,
                "user",
                0,
                0,
                List.of(),
                List.of(tags),
                null,
                "test",
                null)));
  }
}
