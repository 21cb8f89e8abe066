package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.Companion;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobIds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Stores a database that is open, and the files that belong to its state; then asks for what it
/// knows of that state, and closes it.
final class DatabaseStoring {
  private final BackupRun run;
  private final Opened opened;
  private final Outcome outcome;
  private final List<Companion> files = new ArrayList<>();
  private final List<StoredDatabase.Part> parts = new ArrayList<>();
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
  private final long startNanos = System.nanoTime();
  private long addedBytes;
  private long storedBytes;

  /// An open database.
  ///
  /// @param content counted among the run's open contents
  /// @param shown the moment that it shows
  /// @param mark its state's mark, taken before it was opened
  record Opened(FoundDatabase found, Content content, SharedInstant shown, Optional<String> mark) {}

  /// Is told once how it ended, by any worker.
  interface Outcome {
    void stored(StoredDatabase state);

    void failed(HoldfastException reason);
  }

  DatabaseStoring(BackupRun run, Opened opened, Outcome outcome) {
    this.run = run;
    this.opened = opened;
    this.outcome = outcome;
  }

  /// Stores everything. Parts of it may still be in work when this returns.
  void start() {
    run.event(new BackupEvent.FileStarted(opened.found().path()));
    opened.content().companions().forEach(files::add);
    cut(opened.content(), "");
  }

  private void cut(Content content, String suffix) {
    PendingContent pending =
        new PendingContent((ids, added, stored) -> {
          addedBytes += added;
          storedBytes += stored;
          done(ids, suffix, content.lengthBytes());
        });
    ExtentStorage storage =
        new ExtentStorage(run, content, pending, e -> failure.compareAndSet(null, e));
    try {
      switch (content.cutting()) {
        case Cutting.Pages pages ->
            new PageCutter(storage, pages).cut(previous(opened.found().path() + suffix));
        case Cutting.Extents extents -> new ExtentCutter(storage, extents).cut();
        case Cutting.ByContent _ ->
            run.cutter().cut(new byte[0], 0, new ContentInput(content), pending);
      }
    } catch (IOException e) {
      failure.compareAndSet(null, e);
      pending.failed();
      return;
    }
    pending.end();
  }

  private @Nullable PreviousExtents previous(String path) {
    return PreviousExtents.of(run.parent().node(path).orElse(null), run::plainLengthOfData);
  }

  /// One file is stored, or cannot be; called for one after the other.
  private void done(@Nullable BlobIds ids, String suffix, long lengthBytes) {
    if (ids == null) {
      failed();
      return;
    }
    parts.add(new StoredDatabase.Part(suffix, ids, lengthBytes));
    if (parts.size() <= files.size()) {
      Companion next = files.get(parts.size() - 1);
      cut(next.content(), next.suffix());
    } else {
      finish();
    }
  }

  private void failed() {
    run.contents().close(opened.content());
    IOException reason = failure.get();
    String why =
        reason == null ? "for no reason that is known" : String.valueOf(reason.getMessage());
    outcome.failed(
        new HoldfastException.InputOutput(
            "database " + OsString.display(opened.found().file()) + " cannot be read: " + why,
            "",
            reason == null ? new IOException(why) : reason));
  }

  private void finish() {
    StoredDatabase state;
    try {
      Optional<SourceFacts> facts = opened.content().facts();
      opened.shown().told(facts.map(SourceFacts::instant));
      facts.ifPresent(known -> run.warnings(opened.found().file(), known));
      state =
          new StoredDatabase(
              opened.found().engine(),
              opened.found().stat(),
              parts.getFirst(),
              parts.subList(1, parts.size()),
              addedBytes,
              storedBytes,
              source(facts),
              opened.shown());
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      run.contents().close(opened.content());
      outcome.failed(e);
      return;
    }
    run.contents().close(opened.content());
    outcome.stored(state);
  }

  private ManifestSource source(Optional<SourceFacts> known) {
    SourceFacts facts =
        new SourceFacts(
            known.map(SourceFacts::engineVersion).orElse(""),
            opened.shown().instant(),
            known.map(SourceFacts::tables).orElse(List.of()),
            known.flatMap(SourceFacts::schemaFingerprint),
            known.map(SourceFacts::properties).orElse(Map.of()),
            known.map(SourceFacts::warnings).orElse(List.of()));
    return new ManifestSource(
        opened.found().path(),
        opened.found().engine().name(),
        opened.found().path(),
        Map.of(),
        opened.content().claim(),
        Duration.ZERO,
        parts.stream().mapToLong(StoredDatabase.Part::lengthBytes).sum(),
        Optional.of(ContentHash.of(parts.stream().map(StoredDatabase.Part::ids).toList())),
        Duration.ofNanos(System.nanoTime() - startNanos),
        opened.mark(),
        true,
        facts,
        Optional.empty());
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
