package dev.holdfast.repository;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.SnapshotId;

/// A snapshot file that could not be read, and why: commands that list go on and say so.
public record UnreadableSnapshot(SnapshotId id, HoldfastException cause) {}
