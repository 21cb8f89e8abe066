package dev.holdfast.engine.recover.plan;

import java.util.List;
import java.util.Optional;

/// What is done with a database of a server, with what a person wants to know of it.
///
/// @param changes tables that have other numbers of rows now than in the snapshot
/// @param counted whether they could be compared
/// @param space that the server's file system needs, if it can be seen from here
/// @param warnings sentences
public record PlannedDatabase(
    ServerDatabase database,
    List<Preview.TableChange> changes,
    boolean counted,
    Optional<Preview.Space> space,
    List<String> warnings) {
  public PlannedDatabase {
    changes = List.copyOf(changes);
    warnings = List.copyOf(warnings);
  }
}
