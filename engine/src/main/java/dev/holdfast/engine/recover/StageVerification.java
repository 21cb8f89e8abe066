package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Checks staged states: every database among them opens, passes the check of its engine, and holds
/// the rows that the manifest says.
public final class StageVerification implements FileReplacer.StageCheck {
  private final StagedDatabases databases;
  private final Map<String, SourceFacts> expected;
  private final boolean mustBeMasked;

  /// @param expected what the manifest says of databases, by their paths in the snapshot
  public StageVerification(List<DatabaseEngine> engines, Map<String, SourceFacts> expected) {
    this(engines, expected, true);
  }

  private StageVerification(
      List<DatabaseEngine> engines, Map<String, SourceFacts> expected, boolean mustBeMasked) {
    this.mustBeMasked = mustBeMasked;
    this.databases = new StagedDatabases(engines);
    this.expected = Map.copyOf(expected);
  }

  /// The check of what is yet to be masked.
  static StageVerification beforeMasking(
      List<DatabaseEngine> engines, Map<String, SourceFacts> expected) {
    return new StageVerification(engines, expected, false);
  }

  @Override
  public void check(Replacement it) {
    if (Posix.isPresent(it.maskedNote())) {
      databases.each(it, staged -> checkMasked(it, staged));
    } else if (it.mask().isPresent() && mustBeMasked) {
      throw new HoldfastException.Corrupt(
          OsString.display(it.from()) + " was to be masked, and was not", null);
    } else {
      databases.each(it, this::check);
    }
  }

  private static void checkMasked(Replacement it, StagedDatabases.Staged staged)
      throws IOException {
    SourceFacts facts =
        staged
            .recovery()
            .orElseThrow(() ->
                new HoldfastException.Corrupt(
                    "what was masked for " + OsString.display(it.live()) + " is no database", null))
            .verify(staged.path());
    String note = Files.readString(Path.of(it.maskedNote()), StandardCharsets.UTF_8);
    MaskedNote.compare(OsString.display(it.live()), note, facts);
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
