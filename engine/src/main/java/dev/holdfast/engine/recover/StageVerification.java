package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Checks staged states: every database among them opens, passes the check of its engine, and holds
/// the rows that the manifest says.
public final class StageVerification implements FileReplacer.StageCheck {
  private final StagedDatabases databases;
  private final Map<String, SourceFacts> expected;

  /// @param expected what the manifest says of databases, by their paths in the snapshot
  public StageVerification(List<DatabaseEngine> engines, Map<String, SourceFacts> expected) {
    this.databases = new StagedDatabases(engines);
    this.expected = Map.copyOf(expected);
  }

  @Override
  public void check(Replacement it) {
    databases.each(it, this::check);
  }

  private void check(StagedDatabases.Staged staged) {
    Optional<DatabaseRecovery> recovery = staged.recovery();
    Optional<SourceFacts> want = Optional.ofNullable(expected.get(staged.from()));
    if (recovery.isPresent()) {
      SourceFacts facts = recovery.get().verify(staged.path());
      want.ifPresent(listed -> compare(staged.from(), facts, listed));
    } else if (want.isPresent() && !want.get().tables().isEmpty()) {
      throw new HoldfastException.Corrupt(
          OsString.display(staged.from())
              + " is a database in the manifest, and none in the snapshot",
          null);
    }
  }

  private static void compare(String from, SourceFacts found, SourceFacts want) {
    Map<String, Long> rows = new TreeMap<>();
    found.tables().forEach(table -> rows.put(table.name(), table.rows()));
    for (TableRows table : want.tables()) {
      Long there = rows.remove(table.name());
      if (there == null || (table.exact() && there != table.rows())) {
        throw new HoldfastException.Corrupt(
            "table %s of %s has %s rows in the snapshot, and %d in its manifest"
                .formatted(
                    table.name(),
                    OsString.display(from),
                    there == null ? "no" : there,
                    table.rows()),
            null);
      }
    }
    if (!rows.isEmpty()) {
      throw new HoldfastException.Corrupt(
          "table %s of %s is not in the manifest"
              .formatted(rows.keySet().iterator().next(), OsString.display(from)),
          null);
    }
  }
}
