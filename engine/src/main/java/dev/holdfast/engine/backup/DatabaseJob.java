package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.files.Found;
import dev.holdfast.engine.source.files.NodeMetadata;
import dev.holdfast.posix.FileStat;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.NodeBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Stores one committed state of a database instead of its files. What is found beside it and
/// belongs to it is left out, as that state has no need of it.
///
/// A database that cannot be understood is stored as the files it consists of, and reported, so
/// that nothing is lost; one that cannot be had now is only reported. One that was named as a
/// target itself makes the backup fail.
final class DatabaseJob implements Workers.Job {
  /// The clocks of file systems tick this seldom; those that count whole seconds by the second.
  private static final Duration TICK = Duration.ofMillis(100);

  private static final Duration COARSE_TICK = Duration.ofSeconds(2);

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
    DatabaseFiles.Claim claim = run.databaseFiles().claim(found.stat());
    boolean opened = false;
    try {
      // Before the state is fixed: what is written later must not look as if it were stored.
      FileStat before = found.directory().stat(found.name());
      if (!before.isRegular()) {
        throw new IOException("is no longer a file");
      }
      NodeBuilder node = run.metadata().of(found.nodeName(), before);
      node.extendedAttributes(NodeMetadata.attributes(found.directory(), found.name()));
      makeDoubtful(node, before);
      opened = store(claim, node, before);
    } catch (IOException e) {
      unreadable(e);
      giveUp();
    } finally {
      if (!opened) {
        claim.close();
      }
    }
  }

  /// A file that was just written may be written again with the same times. The next backup has to
  /// read it whatever they say, so its change time is recorded as one that it never had.
  private void makeDoubtful(NodeBuilder node, FileStat stat) {
    Duration tick = stat.ctimeNanos() == 0 ? COARSE_TICK : TICK;
    Instant changed = Instant.ofEpochSecond(stat.ctimeSeconds(), stat.ctimeNanos());
    if (Duration.between(changed, run.clock().instant()).compareTo(tick) < 0) {
      node.changeTime(node.build().changeTime().minusNanos(1));
    }
  }

  /// Stores what the claimed file holds.
  ///
  /// @return whether the claim is held by the database, which is open now
  private boolean store(DatabaseFiles.Claim claim, NodeBuilder node, FileStat before) {
    Optional<DatabaseFiles.Stored> known = run.databaseFiles().storedBefore(before);
    if (known.isPresent() && sidecars.isEmpty()) {
      DatabaseFiles.Stored state = known.get();
      run.bytesDone(state.lengthBytes());
      node.content(state.content()).sizeBytes(state.lengthBytes());
      run.fileDone(place, node.build(), 0, 0);
      return false;
    }
    Content content = open();
    if (content == null) {
      return false;
    }
    ClaimedContent claimed = new ClaimedContent(content, claim);
    run.contents().opened(claimed);
    leaveOutSidecars();
    store(claimed, node, before);
    return true;
  }

  /// Opens the database, or does what is to be done when that fails.
  private @Nullable Content open() {
    try {
      return engine.open(found.path());
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException.Corrupt | HoldfastException.Unsupported e) {
      failIfExplicit(e);
      run.problem(found.path(), e.getMessage() + "; it is stored as an ordinary file instead");
      storeAsFiles();
    } catch (HoldfastException e) {
      failIfExplicit(e);
      if (found.stat().links() > 1 && !isSecondTry) {
        tryAgainAtTheEnd();
      } else {
        run.problem(found.path(), String.valueOf(e.getMessage()));
        giveUp();
      }
    }
    return null;
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

  private void failIfExplicit(HoldfastException e) {
    if (found.isExplicit()) {
      throw e;
    }
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

  private void store(Content content, NodeBuilder node, FileStat before) {
    run.event(new BackupEvent.FileStarted(place.directory().pathOf(found.nodeName())));
    node.sizeBytes(content.lengthBytes());
    PendingContent pending =
        new PendingContent((ids, added, stored) -> {
          if (ids != null) {
            run.databaseFiles()
                .stored(before, new DatabaseFiles.Stored(ids, content.lengthBytes()));
          }
          run.contents().close(content);
          complete(node, ids, added, stored);
        });
    cut(content, pending);
  }

  private void cut(Content content, PendingContent pending) {
    AtomicBoolean reported = new AtomicBoolean();
    try {
      switch (content.cutting()) {
        case Cutting.Extents extents ->
            new ExtentCutter(
                    run,
                    content,
                    extents,
                    pending,
                    e -> {
                      if (reported.compareAndSet(false, true)) {
                        unreadable(e);
                      }
                    })
                .cut();
        case Cutting.ByContent _ ->
            run.cutter().cut(new byte[0], 0, new ContentInput(content), pending);
      }
    } catch (IOException e) {
      unreadable(e);
      pending.failed();
      return;
    }
    pending.end();
  }

  private void unreadable(IOException reason) {
    String message = "database " + found.path() + " cannot be read: ";
    failIfExplicit(new HoldfastException.InputOutput(message + reason.getMessage(), "", reason));
    run.problem(found.path(), reason);
  }

  private void complete(NodeBuilder node, @Nullable BlobIds ids, long added, long stored) {
    if (ids == null) {
      run.fill(place.directory(), place.index(), null);
    } else {
      run.fileDone(place, node.content(ids).build(), added, stored);
    }
  }

  /// Reads content from the start to the end.
  private static final class ContentInput implements ContentCutter.Input {
    private final Content content;
    private long position;

    ContentInput(Content content) {
      this.content = content;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int size = (int) Math.min(length, content.lengthBytes() - position);
      content.read(position, target, offset, size);
      position += size;
      return size;
    }
  }
}
