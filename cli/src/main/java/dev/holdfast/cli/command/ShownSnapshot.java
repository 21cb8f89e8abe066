package dev.holdfast.cli.command;

import dev.holdfast.engine.drill.DrillReport;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestDifference;
import dev.holdfast.engine.query.SnapshotView;
import java.util.Optional;

/// What `show` prints.
///
/// @param before the snapshot that it is compared with
/// @param drill the last one of the snapshot
record ShownSnapshot(
    SnapshotView snapshot,
    Manifest manifest,
    Optional<SnapshotView> before,
    Optional<Manifest> manifestBefore,
    Optional<DrillReport> drill) {
  Optional<ManifestDifference> difference() {
    return manifestBefore.map(earlier -> ManifestDifference.between(earlier, manifest));
  }
}
