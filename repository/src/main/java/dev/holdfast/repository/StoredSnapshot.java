package dev.holdfast.repository;

import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;

/// A snapshot with the name of its file.
public record StoredSnapshot(SnapshotId id, Snapshot snapshot) {}
