package dev.holdfast.engine.recover;

import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.FileContent;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.postgres.DumpHead;
import dev.holdfast.engine.source.postgres.SeekableDump;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.error.HoldfastException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A dump in a snapshot.
///
/// @param repository asked when the dump is read
/// @param snapshot 64 hexadecimal digits
/// @param path of the dump in it
public record SnapshotDump(
    Supplier<Repository> repository, String snapshot, String path, RecoverObserver observer) {
  /// Copies it to a file that is gone when it is closed, or this process ends.
  ///
  /// @param directories where it may be, the best one first
  public SeekableDump fetch(List<String> directories, Step step) {
    EntryView entry = entry();
    long total = entry.sizeBytes();
    return SeekableDump.of(
        path,
        directories,
        total,
        output ->
            new FileContent(repository.get()).writeTo(entry, new Counted(output, step, total)));
  }

  /// The rows that the tables must have: those of the manifest, which are those of the dump.
  ///
  /// @param file the dump
  /// @param facts what the manifest says of it
  /// @throws HoldfastException.Corrupt if they are not
  public List<TableRows> rows(SeekableDump file, Optional<SourceFacts> facts) {
    Optional<List<TableRows>> known = facts.map(SourceFacts::tables);
    List<TableRows> rows = file.tables().or(() -> known).orElse(List.of());
    if (known.isPresent() && !Set.copyOf(known.get()).equals(Set.copyOf(rows))) {
      throw new HoldfastException.Corrupt(
          "%s has other numbers of rows than its manifest says".formatted(path),
          "recover another snapshot",
          null);
    }
    return rows;
  }

  /// What is said at its beginning, without reading the rest.
  public DumpHead head() {
    EntryView entry = entry();
    return DumpHead.of(path, output -> new FileContent(repository.get()).writeTo(entry, output));
  }

  private EntryView entry() {
    SnapshotPath root = new Snapshots(repository.get()).find(snapshot, SnapshotFilter.ALL);
    return new Walker(repository.get()).entryAt(new SnapshotPath(root.snapshot(), path));
  }

  /// Tells how far it is.
  private final class Counted extends FilterOutputStream {
    private final Step step;
    private final long totalBytes;
    private long doneBytes;

    Counted(OutputStream output, Step step, long totalBytes) {
      super(output);
      this.step = step;
      this.totalBytes = totalBytes;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      doneBytes += length;
      observer.on(new RecoverEvent.Progress(step, doneBytes, totalBytes));
    }
  }
}
