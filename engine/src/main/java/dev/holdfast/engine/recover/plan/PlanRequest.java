package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.engine.source.SourceFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a plan is made of.
///
/// @param subject what a person calls it
/// @param app the app of the configuration, if it is one
/// @param configuration the file that it is described in, absolute
/// @param location of the repository, for people
/// @param removals live paths that the snapshot does not have and that are put aside
/// @param databases of servers
/// @param facts what the snapshot's manifest says of databases, by their paths in the snapshot
public record PlanRequest(
    String subject,
    Optional<String> app,
    Optional<String> configuration,
    String location,
    SnapshotView snapshot,
    Map<String, SourceFacts> facts,
    List<Target> targets,
    List<String> removals,
    List<PlannedDatabase> databases,
    ServiceSettings service,
    boolean restorePoint) {
  public PlanRequest {
    facts = Map.copyOf(facts);
    targets = List.copyOf(targets);
    removals = List.copyOf(removals);
    databases = List.copyOf(databases);
  }
}
