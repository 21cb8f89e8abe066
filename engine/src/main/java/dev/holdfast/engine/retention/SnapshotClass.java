package dev.holdfast.engine.retention;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.SnapshotView;

/// Classes of an app's complete snapshots that a policy may have rules of their own for, by their
/// tags. Restore points are one more, which expire by age.
public enum SnapshotClass {
  IMPORTED(Manifest.IMPORTED_TAG),
  MANUAL(Manifest.MANUAL_TAG),
  SCHEDULED(Manifest.SCHEDULED_TAG);

  private final String tag;

  SnapshotClass(String tag) {
    this.tag = tag;
  }

  /// The tag of its snapshots, and its name in the configuration.
  public String tag() {
    return tag;
  }

  boolean has(SnapshotView snapshot) {
    return snapshot.tags().contains(tag);
  }
}
