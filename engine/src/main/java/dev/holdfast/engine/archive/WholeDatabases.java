package dev.holdfast.engine.archive;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.EntryContent;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.FileContent;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Databases that a snapshot holds with files beside them, as one file each: what those hold is
/// brought into the database, so that nobody who opens it needs them.
final class WholeDatabases implements AutoCloseable {
  private final ExportSource source;
  private final ExportObserver observer;
  private final Map<String, Sidecars> withSidecars = new HashMap<>();
  private final Set<String> merged = new HashSet<>();
  private final Scratch scratch;
  private long number;

  /// The files beside a database in the snapshot.
  private record Sidecars(DatabaseEngine engine, List<EntryView> files) {}

  /// A database brought into one file. Its content can be asked for once.
  record Whole(Path file, long lengthBytes) implements EntryContent {
    @Override
    public void writeTo(EntryView entry, OutputStream target) throws IOException {
      Files.copy(file, target);
      Files.delete(file);
    }
  }

  WholeDatabases(ExportSource source, Optional<Manifest> manifest, ExportObserver observer) {
    this.source = source;
    this.observer = observer;
    manifest.ifPresent(it -> it.sources().forEach(this::find));
    scratch = Scratch.in(source.scratch());
  }

  private void find(ManifestSource database) {
    for (DatabaseEngine engine : source.engines()) {
      if (!engine.name().equals(database.kind())) {
        continue;
      }
      List<EntryView> files = new ArrayList<>();
      for (String suffix : engine.sidecarSuffixes()) {
        entry(database.path() + suffix).ifPresent(files::add);
      }
      if (!files.isEmpty()) {
        withSidecars.put(database.path(), new Sidecars(engine, files));
      }
    }
  }

  private Optional<EntryView> entry(String path) {
    try {
      SnapshotPath at = new SnapshotPath(source.start().snapshot(), path);
      return Optional.of(new Walker(source.repository()).entryAt(at));
    } catch (HoldfastException.NotFound e) {
      return Optional.empty();
    }
  }

  /// Whether the entry at this path of the snapshot is in a database that was asked for before.
  boolean isMergedElsewhere(String path) {
    return merged.contains(path);
  }

  /// The database as one file, if it is one that has others beside it.
  Optional<Whole> at(EntryView entry) throws IOException {
    Sidecars sidecars = withSidecars.get(entry.path());
    if (sidecars == null) {
      return Optional.empty();
    }
    Optional<Path> file = settled(entry, sidecars);
    if (file.isEmpty()) {
      observer.on(
          new ExportEvent.Notice(
              TarExport.shown(entry.path()) + " needs the files beside it to be whole"));
      return Optional.empty();
    }
    sidecars.files().forEach(beside -> merged.add(beside.path()));
    return Optional.of(new Whole(file.get(), Files.size(file.get())));
  }

  /// The database at `entry` and what is beside it, written into a folder of its own.
  private Path written(EntryView entry) throws IOException {
    Path folder = Files.createDirectory(scratch.folder().resolve(Long.toString(number++)));
    Path file = folder.resolve("database");
    copyTo(entry, file);
    return file;
  }

  /// Writes the database at `entry` to a file, and what is beside it beside that.
  void copyTo(EntryView entry, Path file) throws IOException {
    Sidecars sidecars = withSidecars.get(entry.path());
    write(entry, file);
    if (sidecars != null) {
      for (EntryView beside : sidecars.files()) {
        String suffix = beside.path().substring(entry.path().length());
        write(beside, file.resolveSibling(file.getFileName() + suffix));
      }
    }
  }

  private Optional<Path> settled(EntryView entry, Sidecars sidecars) throws IOException {
    Optional<DatabaseRecovery> recovery = sidecars.engine().recovery();
    if (recovery.isEmpty()) {
      return Optional.empty();
    }
    Path file = written(entry);
    if (recovery.get().settle(file.toString()).isEmpty()) {
      return Optional.of(file);
    }
    return Optional.empty();
  }

  private void write(EntryView entry, Path file) throws IOException {
    try (OutputStream target = Files.newOutputStream(file)) {
      new FileContent(source.repository()).writeTo(entry, target);
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
