package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.repository.chunk.ChunkSizes;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobIds;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Stores what comes from streams, before the files of the backup are read. A stream cannot be read
/// again and nothing else knows what was in it, so whatever goes wrong with it makes the backup
/// fail, unless an app's configuration prefers a part to nothing.
final class StreamPhase implements AutoCloseable {
  private final BackupRun run;
  private final List<VirtualFile> files;
  private final Map<VirtualFile, SharedInstant> pinned = new HashMap<>();
  private final Map<String, Stored> stored = new ConcurrentHashMap<>();

  /// A stream that is in the repository.
  record Stored(BlobIds ids, long lengthBytes, long addedBytes, long storedBytes) {}

  StreamPhase(BackupRun run, List<VirtualFile> files) {
    this.run = run;
    this.files = files;
  }

  /// Fixes what the streams will show.
  void pin() {
    for (VirtualFile file : files) {
      try {
        if (!file.stream().pin()) {
          run.warning(file.path(), "was removed before its state could be fixed, and is left out");
          continue;
        }
        SharedInstant shown = new SharedInstant(run.clock().instant());
        pinned.put(file, shown);
        if (!file.stream().kind().equals(StreamSource.STREAM)) {
          run.ledger().instant(shown);
        }
      } catch (HoldfastException e) {
        failed(file, e);
      }
    }
  }

  /// Reads and stores what was pinned.
  void store() {
    for (VirtualFile file : files) {
      SharedInstant shown = pinned.get(file);
      if (shown != null) {
        try {
          store(file, shown);
        } catch (HoldfastException e) {
          failed(file, e);
        }
      }
    }
  }

  /// What was stored at a path of the snapshot, or null.
  @Nullable Stored at(String path) {
    return stored.get(path);
  }

  private void failed(VirtualFile file, HoldfastException reason) {
    if (reason instanceof HoldfastException.Cancelled
        || run.options().subject().onFailure() != BackupSubject.OnFailure.PARTIAL) {
      throw reason;
    }
    run.problem(file.path(), String.valueOf(reason.getMessage()));
  }

  private void store(VirtualFile file, SharedInstant shown) {
    long start = System.nanoTime();
    run.event(new BackupEvent.FileStarted(file.path()));
    StreamSource stream = file.stream();
    Pending pending = new Pending();
    boolean complete = false;
    try (InputStream input = stream.open()) {
      pending.length = cut(file, input, pending.content);
      stream.confirmComplete();
      if (pending.length == 0) {
        throw new HoldfastException.Rejected(
            "no data was read for '" + file.path() + "'", "whatever should write it wrote nothing");
      }
      complete = true;
    } catch (ClosedByInterruptException | InterruptedIOException e) {
      throw new HoldfastException.Cancelled("interrupted");
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot read the data for '" + file.path() + "': " + e.getMessage(), "", e);
    } finally {
      if (complete) {
        pending.content.end();
      } else {
        pending.content.failed();
      }
    }
    run.workers().join();
    Stored result = pending.result();
    stored.put(file.path(), result);
    if (!stream.kind().equals(StreamSource.STREAM)) {
      ManifestSource source = source(file, shown, result, start);
      run.warnings(file.path(), source.facts());
      run.ledger().stream(source, shown);
    }
  }

  private long cut(VirtualFile file, InputStream input, PendingContent content) throws IOException {
    OptionalLong rowBytes = file.stream().expectedRowBytes();
    if (rowBytes.isEmpty()) {
      return new ContentCutter(run).cut(new byte[0], 0, input::read, content);
    }
    ChunkSizes sizes =
        RowGrain.sizes(rowBytes.getAsLong(), run.parent().node(file.path()).orElse(null));
    return new RowCutter(run, sizes).cut(input, content);
  }

  private static ManifestSource source(
      VirtualFile file, SharedInstant shown, Stored result, long startNanos) {
    Optional<SourceFacts> facts = file.stream().facts();
    shown.told(facts.map(SourceFacts::instant));
    return new ManifestSource(
        file.path(),
        file.stream().kind(),
        file.path(),
        Map.of(),
        file.stream().claim(),
        Duration.ZERO,
        result.lengthBytes(),
        Optional.of(ContentHash.of(List.of(result.ids()))),
        Duration.ofNanos(System.nanoTime() - startNanos),
        Optional.empty(),
        true,
        facts.orElse(
            new SourceFacts("", shown.instant(), List.of(), Optional.empty(), Map.of(), List.of())),
        Optional.empty());
  }

  /// The blobs of a stream while they are stored.
  private static final class Pending {
    private final PendingContent content = new PendingContent(this::complete);
    private long length;
    private @Nullable BlobIds ids;
    private long added;
    private long stored;

    private synchronized void complete(@Nullable BlobIds blobs, long addedBytes, long storedBytes) {
      ids = blobs;
      added = addedBytes;
      stored = storedBytes;
    }

    synchronized Stored result() {
      if (ids == null) {
        throw new IllegalStateException("a stream that was read is stored");
      }
      return new Stored(ids, length, added, stored);
    }
  }

  /// Closes all streams.
  @Override
  public void close() {
    for (VirtualFile file : files) {
      file.stream().close();
    }
  }
}
