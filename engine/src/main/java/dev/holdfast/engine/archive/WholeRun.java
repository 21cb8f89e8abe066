package dev.holdfast.engine.archive;

import dev.holdfast.repository.store.DistantFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Tells whether all of a distant run is there, before its data are fetched.
///
/// @param scripts names without which a folder is no export
/// @param scratch where what a folder says of itself is put
record WholeRun(DistantFolder folder, Set<String> scripts, Path scratch) {
  /// What is missing; empty if nothing is.
  Optional<String> reason(DistantListing.Run run) throws IOException {
    for (String place : run.places().keySet()) {
      for (String script : scripts) {
        if (!run.has(place, script)) {
          return Optional.of(place + " lacks " + script);
        }
      }
    }
    if (!run.isOurs()) {
      return run.sign().isPresent()
          ? Optional.of("a run is under way, or was killed")
          : missing(run, ExportTarget.SHARED);
    }
    Set<String> wanted = new TreeSet<>();
    for (String place : run.places().keySet()) {
      if (!run.has(place, ExportFolder.NAME)) {
        return Optional.of(place + " lacks " + ExportFolder.NAME);
      }
      wanted.addAll(said(run, place));
    }
    for (String place : wanted) {
      Optional<String> missing = missing(run, place);
      if (missing.isPresent()) {
        return missing;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> missing(DistantListing.Run run, String place) {
    Map<String, ?> places = run.places();
    return places.containsKey(place) ? Optional.empty() : Optional.of(place + " is missing");
  }

  /// What was exported together with a database.
  private List<String> said(DistantListing.Run run, String place) throws IOException {
    Path own = Files.createTempDirectory(scratch, "list-");
    folder.get(run.path(place, ExportFolder.NAME), own.resolve(ExportFolder.NAME));
    List<String> set = ExportFolder.read(own).map(ExportFolder.Stored::set).orElseThrow();
    Scratch.remove(own);
    return set;
  }
}
