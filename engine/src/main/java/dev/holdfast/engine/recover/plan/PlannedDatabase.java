package dev.holdfast.engine.recover.plan;

import java.util.ArrayList;
import java.util.List;

/// What is done with a database of a server, with what a person wants to know of it.
///
/// @param changes tables that have other numbers of rows now than in the snapshot
/// @param counted whether they could be compared
/// @param space that file systems need for it, as far as they can be seen from here
/// @param warnings sentences
public record PlannedDatabase(
    ServerDatabase database,
    List<Preview.TableChange> changes,
    boolean counted,
    List<Preview.Space> space,
    List<String> warnings) {
  public PlannedDatabase {
    changes = List.copyOf(changes);
    space = List.copyOf(space);
    warnings = List.copyOf(warnings);
  }

  /// The same with more that is needed.
  public PlannedDatabase needing(Preview.Space more) {
    List<Preview.Space> all = new ArrayList<>(space);
    all.add(more);
    return new PlannedDatabase(database, changes, counted, all, warnings);
  }
}
