package dev.holdfast.engine.query;

/// A snapshot and a directory or file in it, as `SNAPSHOT:PATH` names them.
///
/// @param path from `/`; `/` for the whole snapshot
public record SnapshotPath(SnapshotView snapshot, String path) {}
