package dev.holdfast.engine.backup;

import dev.holdfast.engine.backup.FixedStates.Fixed;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The part of a backup that comes before its files: fixes the states of all databases that were
/// found, as far as their engines can at one instant, and stores them. Files are read afterwards,
/// so that what a row refers to is there.
final class DatabasePhase {
  /// Databases that are open at a time however many descriptors there may be, to bound memory: an
  /// open one takes about 300 KiB until its turn comes.
  private static final int TOGETHER_MAX = 600;

  /// Descriptors that an open database takes at most: of SQLite's, and ours.
  private static final int DESCRIPTORS_EACH = 9;

  /// Descriptors that are left to everything else.
  private static final int DESCRIPTORS_LEFT = 512;

  private final BackupRun run;
  private final int togetherMax;

  DatabasePhase(BackupRun run) {
    this(run, togetherMax());
  }

  /// @param togetherMax databases that are open at a time; beyond it they follow in groups, each
  ///   with an instant of its own
  DatabasePhase(BackupRun run, int togetherMax) {
    this.run = run;
    this.togetherMax = togetherMax;
  }

  private static int togetherMax() {
    try {
      long left = (Posix.openFilesMax() - DESCRIPTORS_LEFT) / DESCRIPTORS_EACH;
      return Math.clamp(left, 1, TOGETHER_MAX);
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput(
          "cannot find out how many files may be open: " + Reason.of(e), "", e);
    }
  }

  /// Fixes and stores everything.
  ///
  /// @param pinStreams called once, as close as possible to the first instant
  void run(List<FoundDatabase> found, Runnable pinStreams) {
    Collection<FoundDatabase> databases = distinct(found);
    boolean pinned = false;
    for (DatabaseEngine engine : run.engines()) {
      List<FoundDatabase> mine = of(engine, databases);
      if (engine.fixesOneInstant() && mine.size() > togetherMax) {
        run.warning(
            mine.get(togetherMax).file(),
            "is beyond the "
                + togetherMax
                + " databases that can be open together: the rest follows in groups, each of its own instant");
      }
      for (int from = 0; engine.fixesOneInstant() && from < mine.size(); from += togetherMax) {
        run.workers().join();
        List<FoundDatabase> group = mine.subList(from, Math.min(mine.size(), from + togetherMax));
        DatabaseGroup together = DatabaseGroup.open(run, engine, group, this::failed);
        if (!pinned) {
          run.ledger().instant(together.shown());
          pinStreams.run();
          pinned = true;
        }
        store(together);
      }
    }
    if (!pinned) {
      pinStreams.run();
    }
    for (DatabaseEngine engine : run.engines()) {
      if (!engine.fixesOneInstant()) {
        for (FoundDatabase database : of(engine, databases)) {
          storeAlone(engine, database);
        }
      }
    }
    run.workers().join();
  }

  private void storeAlone(DatabaseEngine engine, FoundDatabase database) {
    DatabaseGroup alone = DatabaseGroup.open(run, engine, List.of(database), this::failed);
    run.ledger().instant(alone.shown());
    store(alone);
    run.workers().join();
  }

  /// One of the names of each database, preferably the one that its sidecars stand beside.
  private static Collection<FoundDatabase> distinct(List<FoundDatabase> found) {
    Map<FileKey, FoundDatabase> distinct = new LinkedHashMap<>();
    for (FoundDatabase database : found) {
      distinct.merge(
          FileKey.of(database.stat()),
          database,
          (one, other) -> {
            FoundDatabase chosen = other.hasSidecars() && !one.hasSidecars() ? other : one;
            return chosen.withExplicit(one.isExplicit() || other.isExplicit());
          });
    }
    return distinct.values();
  }

  private static List<FoundDatabase> of(
      DatabaseEngine engine, Collection<FoundDatabase> databases) {
    return databases.stream().filter(database -> database.engine().equals(engine)).toList();
  }

  private void store(DatabaseGroup group) {
    group
        .unchanged()
        .forEach(unchanged -> {
          StoredDatabase state = unchanged.state(group.shown());
          run.bytesDone(state.source().bytes());
          run.warnings(unchanged.found().file(), state.source().facts());
          run.fixed().put(unchanged.stat(), new Fixed.Stored(unchanged.found(), state));
        });
    for (DatabaseStoring.Opened opened : group.opened()) {
      run.workers().submit(() -> new DatabaseStoring(run, opened, outcome(opened.found())).start());
    }
  }

  private DatabaseStoring.Outcome outcome(FoundDatabase found) {
    return new DatabaseStoring.Outcome() {
      @Override
      public void stored(StoredDatabase state) {
        run.fixed().put(found.stat(), new Fixed.Stored(found, state));
      }

      @Override
      public void failed(HoldfastException reason) {
        DatabasePhase.this.failed(found, reason);
      }
    };
  }

  /// Decides what becomes of a database that cannot be had.
  private void failed(FoundDatabase found, HoldfastException reason) {
    Fixed fixed = run.failures().decide(found.file(), found.isExplicit(), reason);
    FileStat stat = found.stat();
    run.fixed().put(stat, fixed);
  }

  /// The group's members in their order, for messages.
  static List<String> files(List<FoundDatabase> databases) {
    List<String> files = new ArrayList<>();
    databases.forEach(database -> files.add(database.file()));
    return files;
  }
}
