package dev.holdfast.engine.archive;

import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.Repository;
import java.nio.file.Path;
import java.util.List;

/// What is exported.
///
/// @param start a snapshot, or a folder or file of it
/// @param engines the kinds of databases
/// @param program such as `holdfast 0.1.0`
/// @param scratch where databases are put that have to be opened first
public record ExportSource(
    Repository repository,
    SnapshotPath start,
    List<DatabaseEngine> engines,
    String program,
    Path scratch) {
  public ExportSource {
    engines = List.copyOf(engines);
  }
}
