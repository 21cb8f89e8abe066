package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.FileStat;
import dev.holdfast.repository.format.BlobIds;
import java.util.List;

/// A state of a database that is in the repository, and has yet to be put into its place, or into
/// several if the file has several names.
///
/// @param before what the file was before its state was fixed
/// @param content the database itself
/// @param addedBytes plain bytes of what was not in the repository before
/// @param storedBytes what those take in the repository
/// @param source what the manifest is to say of it, but for its name, its place and its instant
/// @param shown the moment that it shows
record StoredDatabase(
    DatabaseEngine engine,
    FileStat before,
    Part content,
    List<Part> companions,
    long addedBytes,
    long storedBytes,
    ManifestSource source,
    SharedInstant shown) {
  StoredDatabase {
    companions = List.copyOf(companions);
  }

  /// A file of the state.
  ///
  /// @param suffix what its name adds to the name of the database; empty for the database itself
  record Part(String suffix, BlobIds ids, long lengthBytes) {}
}
