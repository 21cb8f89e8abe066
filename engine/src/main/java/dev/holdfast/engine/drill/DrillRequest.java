package dev.holdfast.engine.drill;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.SnapshotView;
import java.nio.file.Path;
import java.util.Map;

/// What a drill is to prove, and where.
///
/// @param app as the configuration has it, or of its name alone
/// @param location of the repository, for people
/// @param place where the scratch folder is made
/// @param host the machine that this is
/// @param program such as `holdfast 0.1.0`
/// @param environment of the commands among the checks
public record DrillRequest(
    App app,
    SnapshotView snapshot,
    Manifest manifest,
    String location,
    Path place,
    String host,
    String program,
    Map<String, String> environment) {
  public DrillRequest {
    environment = Map.copyOf(environment);
  }
}
