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
import dev.holdfast.posix.OsString;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Databases that a snapshot holds with files beside them, as one file each: what those hold is
/// brought into the database, so that nobody who opens it needs them.
final class WholeDatabases implements AutoCloseable {
  private final ExportSource source;
  private final ExportObserver observer;
  private final Map<String, Sidecars> withSidecars = new HashMap<>();
  private final Set<String> merged = new HashSet<>();
  private @Nullable Scratch scratch;
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

  /// The database whose state is partly in the file at this path of the snapshot.
  Optional<String> databaseOfLog(String path) {
    return withSidecars.keySet().stream()
        .filter(database -> logs(database).anyMatch(log -> log.path().equals(path)))
        .findFirst();
  }

  /// Whether a part of the state of the database at this path is in other files.
  boolean hasLog(String path) {
    return withSidecars.containsKey(path) && logs(path).findAny().isPresent();
  }

  private Stream<EntryView> logs(String database) {
    return sidecars(database).files().stream().filter(file -> file.sizeBytes() > 0);
  }

  private Sidecars sidecars(String database) {
    return Objects.requireNonNull(withSidecars.get(database));
  }

  /// The database as one file, if it is one that has others beside it.
  Optional<Whole> at(EntryView entry) throws IOException {
    if (!withSidecars.containsKey(entry.path())) {
      return Optional.empty();
    }
    Path file = written(entry);
    if (obstacle(entry, file).isPresent()) {
      observer.on(
          new ExportEvent.Notice(
              TarExport.shown(entry.path()) + " needs the files beside it to be whole"));
      return Optional.empty();
    }
    sidecars(entry.path()).files().forEach(beside -> merged.add(beside.path()));
    return Optional.of(new Whole(file, Files.size(file)));
  }

  /// The database as one file.
  ///
  /// @param entry a database that [#hasLog]
  /// @throws HoldfastException.Unsupported if its log cannot be brought into it
  Whole require(EntryView entry) throws IOException {
    Path file = written(entry);
    Optional<String> obstacle = obstacle(entry, file);
    if (obstacle.isPresent()) {
      throw new HoldfastException.Unsupported(
          "what is in the log of %s cannot be brought into it: %s"
              .formatted(TarExport.shown(entry.path()), obstacle.get()),
          "'holdfast restore' gives it with its log; 'holdfast dump --as-stored' gives each of them");
    }
    return new Whole(file, Files.size(file));
  }

  /// Why the database that was written to `file` is not whole by itself, once that was tried.
  private Optional<String> obstacle(EntryView entry, Path file) {
    Optional<DatabaseRecovery> recovery = sidecars(entry.path()).engine().recovery();
    if (recovery.isEmpty()) {
      return Optional.of("no program here can do that");
    }
    return recovery
        .get()
        .settle(file.toString())
        .map(text -> text.replace(file.toString(), OsString.display(entry.path())));
  }

  /// The database at `entry` and what is beside it, written into a folder of its own.
  private Path written(EntryView entry) throws IOException {
    if (scratch == null) {
      scratch = Scratch.in(source.scratch());
    }
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

  private void write(EntryView entry, Path file) throws IOException {
    try (OutputStream target = Files.newOutputStream(file)) {
      new FileContent(source.repository()).writeTo(entry, target);
    }
  }

  @Override
  public void close() {
    if (scratch != null) {
      scratch.close();
    }
  }
}
