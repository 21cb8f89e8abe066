package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.files.Found;
import dev.holdfast.posix.FileStat;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.NodeBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stores one committed state of a database instead of its files. What is found beside it and
/// belongs to it is left out, as that state has no need of it.
///
/// A database that cannot be understood is stored as the files it consists of, and reported, so
/// that nothing is lost; one that cannot be had now is only reported. One that was named as a
/// target itself makes the backup fail.
final class DatabaseJob implements Workers.Job {
  private final BackupRun run;
  private final DatabaseEngine engine;
  private final Found found;
  private final FilePlace place;
  private final boolean isSecondTry;
  private final List<Sidecar> sidecars = new ArrayList<>();

  private record Sidecar(Found found, FilePlace place) {}

  /// @param found the database's file, whose directory is held for this job
  DatabaseJob(BackupRun run, DatabaseEngine engine, Found found, FilePlace place) {
    this(run, engine, found, place, false);
  }

  private DatabaseJob(
      BackupRun run, DatabaseEngine engine, Found found, FilePlace place, boolean isSecondTry) {
    this.run = run;
    this.engine = engine;
    this.found = found;
    this.place = place;
    this.isSecondTry = isSecondTry;
  }

  /// Adds a file that belongs to the database, its directory held as well. Before the job is
  /// submitted.
  void addSidecar(Found sidecar, FilePlace itsPlace) {
    sidecars.add(new Sidecar(sidecar, itsPlace));
  }

  @Override
  public void run() {
    try {
      store();
    } finally {
      discard();
    }
  }

  @Override
  public void discard() {
    found.directory().release();
    for (Sidecar sidecar : sidecars) {
      sidecar.found().directory().release();
    }
  }

  /// Stores the database. The directories stay held.
  void store() {
    switch (run.fixed().find(found.stat())) {
      case FixedStates.Fixed.Stored fixed -> {
        leaveOutSidecars();
        new DatabasePlacement(run, found, place).put(fixed.state());
      }
      case FixedStates.Fixed.AsFiles _ -> storeAsFiles();
      case FixedStates.Fixed.LeftOut _ -> giveUp();
      case null -> openAndStore();
    }
  }

  /// Stores a database that was not there yet, or not to be recognized, when the others were fixed.
  private void openAndStore() {
    DatabaseFiles.Claim claim = run.databaseFiles().claim(found.stat());
    boolean opened = false;
    try {
      // Before the state is fixed: what is written later must not look as if it were stored.
      FileStat before = found.directory().stat(found.name());
      if (!before.isRegular()) {
        throw new IOException("is no longer a file");
      }
      opened = openAndStore(claim, before);
    } catch (IOException e) {
      unreadable(e);
      giveUp();
    } finally {
      if (!opened) {
        claim.close();
      }
    }
  }

  /// Stores what the claimed file holds.
  ///
  /// @return whether the claim is held by the database, which is open now
  private boolean openAndStore(DatabaseFiles.Claim claim, FileStat before) throws IOException {
    Optional<StoredDatabase> known = run.databaseFiles().storedBefore(before);
    if (known.isPresent() && sidecars.isEmpty()) {
      run.bytesDone(known.get().source().bytes());
      new DatabasePlacement(run, found, place).put(known.get());
      return false;
    }
    FoundDatabase database =
        new FoundDatabase(
            engine,
            found.path(),
            place.directory().pathOf(found.nodeName()),
            before,
            found.isExplicit(),
            !sidecars.isEmpty());
    NodeBuilder node = DatabasePlacement.node(run, found, before);
    Optional<String> mark = UnchangedDatabase.mark(database);
    Content content = open();
    if (content == null) {
      return false;
    }
    ClaimedContent claimed = new ClaimedContent(content, claim);
    run.contents().opened(claimed);
    leaveOutSidecars();
    SharedInstant shown = new SharedInstant(run.clock().instant());
    new DatabaseStoring(
            run,
            new DatabaseStoring.Opened(database, claimed, shown, mark),
            new Placing(before, node))
        .start();
    return true;
  }

  /// Puts the database into its place when it is stored.
  private final class Placing implements DatabaseStoring.Outcome {
    private final FileStat before;
    private final NodeBuilder node;

    Placing(FileStat before, NodeBuilder node) {
      this.before = before;
      this.node = node;
    }

    @Override
    public void stored(StoredDatabase state) {
      run.databaseFiles().stored(before, state);
      new DatabasePlacement(run, found, place).put(state, node);
    }

    @Override
    public void failed(HoldfastException reason) {
      FixedStates.Fixed fixed = run.failures().decide(found.path(), found.isExplicit(), reason);
      run.fixed().put(before, fixed);
      run.fill(place.directory(), place.index(), null);
    }
  }

  /// Opens the database, or does what is to be done when that fails.
  private @Nullable Content open() {
    try {
      return engine.open(found.path());
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      boolean isUnderstood =
          !(e instanceof HoldfastException.Corrupt || e instanceof HoldfastException.Unsupported);
      if (isUnderstood && !found.isExplicit() && found.stat().links() > 1 && !isSecondTry) {
        tryAgainAtTheEnd();
        return null;
      }
      switch (run.failures().decide(found.path(), found.isExplicit(), e)) {
        case FixedStates.Fixed.AsFiles _ -> storeAsFiles();
        case FixedStates.Fixed.LeftOut _, FixedStates.Fixed.Stored _ -> giveUp();
      }
      return null;
    }
  }

  /// It may be in use under another of its names, and be stored under that one until then.
  private void tryAgainAtTheEnd() {
    DatabaseJob again = new DatabaseJob(run, engine, found, place, true);
    found.directory().retain();
    for (Sidecar sidecar : sidecars) {
      sidecar.found().directory().retain();
      again.sidecars.add(sidecar);
    }
    run.defer(again);
  }

  private void storeAsFiles() {
    for (Sidecar sidecar : sidecars) {
      sidecar.found().directory().retain();
      new FileJob(run, sidecar.found(), sidecar.place(), false).run();
    }
    found.directory().retain();
    new FileJob(run, found, place, false).run();
  }

  private void giveUp() {
    leaveOutSidecars();
    run.fill(place.directory(), place.index(), null);
  }

  private void leaveOutSidecars() {
    for (Sidecar sidecar : sidecars) {
      run.fill(sidecar.place().directory(), sidecar.place().index(), null);
    }
  }

  private void unreadable(IOException reason) {
    if (found.isExplicit()) {
      throw new HoldfastException.InputOutput(
          "database " + found.path() + " cannot be read: " + reason.getMessage(), "", reason);
    }
    run.problem(found.path(), reason);
  }
}
