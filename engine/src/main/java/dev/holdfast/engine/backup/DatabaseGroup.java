package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Databases of one engine that show one instant, if the engine can do that.
///
/// Those that have not changed since the parent snapshot need not be opened, but must have been so
/// at that very instant: they are looked at before the others are opened and again afterwards, and
/// if one did change in between, everything is done again.
final class DatabaseGroup {
  /// How often the instant is fixed anew because a database changed that had rested until then. The
  /// last time all are opened, whether they changed or not.
  private static final int ATTEMPTS_MAX = 3;

  private static final int CLAIM_ATTEMPTS_MAX = 5;

  private final BackupRun run;
  private final DatabaseEngine engine;
  private final BiConsumer<FoundDatabase, HoldfastException> failure;
  private final Map<FoundDatabase, DatabaseFiles.Claim> claims = new LinkedHashMap<>();
  private final List<UnchangedDatabase> unchanged = new ArrayList<>();
  private final List<DatabaseStoring.Opened> opened = new ArrayList<>();
  private SharedInstant shown;

  private DatabaseGroup(
      BackupRun run, DatabaseEngine engine, BiConsumer<FoundDatabase, HoldfastException> failure) {
    this.run = run;
    this.engine = engine;
    this.failure = failure;
    this.shown = new SharedInstant(run.clock().instant());
  }

  /// Opens the databases. Those that cannot be opened are left out.
  ///
  /// @param failure told of each of those, and why
  static DatabaseGroup open(
      BackupRun run,
      DatabaseEngine engine,
      List<FoundDatabase> databases,
      BiConsumer<FoundDatabase, HoldfastException> failure) {
    DatabaseGroup group = new DatabaseGroup(run, engine, failure);
    try {
      group.claim(databases);
      int attempt = 1;
      while (!group.attempt(attempt == ATTEMPTS_MAX)) {
        attempt++;
      }
      return group;
    } finally {
      // What is open took its claim along.
      group.claims.values().forEach(DatabaseFiles.Claim::close);
    }
  }

  /// The moment that they show.
  SharedInstant shown() {
    return shown;
  }

  List<UnchangedDatabase> unchanged() {
    return unchanged;
  }

  /// Those that are open, and counted among the run's open contents.
  List<DatabaseStoring.Opened> opened() {
    return opened;
  }

  /// Claims the files in one order for all, so that two backups cannot wait for each other.
  private void claim(List<FoundDatabase> databases) {
    Comparator<FoundDatabase> order =
        Comparator.<FoundDatabase>comparingLong(database -> database.stat().deviceId())
            .thenComparingLong(database -> database.stat().inode());
    for (FoundDatabase database : databases.stream().sorted(order).toList()) {
      try {
        claim(database);
      } catch (PosixException e) {
        run.problem(database.file(), e);
      }
    }
  }

  /// Claims the file that is at the path now.
  private void claim(FoundDatabase database) throws PosixException {
    for (int i = 0; i < CLAIM_ATTEMPTS_MAX; i++) {
      FileStat before = Posix.lstat(database.file());
      DatabaseFiles.Claim claim = run.databaseFiles().claim(before);
      if (before.isRegular() && Posix.lstat(database.file()).isSameFile(before)) {
        claims.put(database.withStat(before), claim);
        return;
      }
      claim.close();
    }
    run.problem(database.file(), "is replaced all the time");
  }

  /// @param all whether to open what did not change, too
  /// @return whether it was done: nothing that seemed unchanged changed meanwhile
  private boolean attempt(boolean all) {
    unchanged.clear();
    Map<FoundDatabase, Optional<String>> changed = new LinkedHashMap<>();
    for (FoundDatabase database : claims.keySet()) {
      Optional<String> mark = UnchangedDatabase.mark(database);
      Optional<UnchangedDatabase> same =
          all ? Optional.empty() : UnchangedDatabase.of(run, database, database.stat(), mark);
      same.ifPresentOrElse(unchanged::add, () -> changed.put(database, mark));
    }
    DatabaseOpening opening = new DatabaseOpening(engine, List.copyOf(changed.keySet()));
    boolean kept = false;
    try {
      opening.open();
      shown = new SharedInstant(run.clock().instant());
      if (!unchanged.stream().allMatch(UnchangedDatabase::isStillSo)) {
        return false;
      }
      keep(opening, changed);
      kept = true;
      return true;
    } finally {
      if (!kept) {
        opening.contents().values().forEach(Content::close);
      }
    }
  }

  private void keep(DatabaseOpening opening, Map<FoundDatabase, Optional<String>> changed) {
    opening.failures().forEach(failure);
    for (Map.Entry<FoundDatabase, Content> entry : opening.contents().entrySet()) {
      FoundDatabase database = entry.getKey();
      DatabaseFiles.Claim claim = claims.remove(database);
      if (claim == null) {
        throw new IllegalStateException("no claim on " + database);
      }
      Content content = new ClaimedContent(entry.getValue(), claim);
      run.contents().opened(content);
      // One that could not be opened with the others shows a moment of its own. That is said of the
      // backup and not of the state, which later ones may find unchanged.
      Optional<String> alone = opening.openedAlone(database);
      alone.ifPresent(warning -> run.warning(database.file(), warning));
      opened.add(
          new DatabaseStoring.Opened(
              database,
              content,
              alone.isPresent() ? new SharedInstant(run.clock().instant()) : shown,
              changed.getOrDefault(database, Optional.empty())));
    }
  }
}
