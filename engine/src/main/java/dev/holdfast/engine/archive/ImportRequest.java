package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.Limits;
import dev.holdfast.engine.source.DatabaseEngine;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is imported, and how.
///
/// @param file an archive, or a folder of exports
/// @param name what messages and names that the archive does not give are made of
/// @param root where its content goes in the snapshot, absolute; empty: where it was, if the
///   archive says so, and else `/`
/// @param appRoot where it goes if neither [#root] nor the archive says it
/// @param timestamp which of several exports in a folder; empty: the newest whole one
/// @param scratch where it is unpacked
/// @param environment of programs that are run
public record ImportRequest(
    Path file,
    String name,
    Optional<String> root,
    Optional<String> appRoot,
    Optional<String> timestamp,
    Limits limits,
    Path scratch,
    List<DatabaseEngine> engines,
    Map<String, String> environment,
    Clock clock) {
  public ImportRequest {
    engines = List.copyOf(engines);
    environment = Map.copyOf(environment);
  }

  /// The same of the exports of one time that were fetched into a folder.
  ImportRequest fetched(Path folder, String time) {
    return new ImportRequest(
        folder,
        name,
        root,
        appRoot,
        Optional.of(time),
        limits,
        scratch,
        engines,
        environment,
        clock);
  }

  /// Where content goes that does not say where it was: `/` if nobody says so either.
  String placeOfStrangers() {
    return TreeLayout.checked(root.or(() -> appRoot).orElse("/"));
  }
}
