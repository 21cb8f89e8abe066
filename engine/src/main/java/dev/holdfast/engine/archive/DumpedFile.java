package dev.holdfast.engine.archive;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.query.EntryContent;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.FileContent;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.util.Optional;

/// One file of a snapshot by itself. Of a database with a log in the snapshot that is the database
/// with what its log holds, as whoever takes one file misses the other; every other file is given
/// as it is stored.
public final class DumpedFile implements AutoCloseable {
  private final ExportSource source;
  private final ExportObserver observer;
  private final WholeDatabases databases;

  /// @param observer told if what is given is not what is stored
  public DumpedFile(ExportSource source, ExportObserver observer) {
    this.source = source;
    this.observer = observer;
    databases = new WholeDatabases(source, manifest(), observer);
  }

  private Optional<Manifest> manifest() {
    return ManifestFile.readIfPossible(
        source.repository(),
        source.start().snapshot().stored().snapshot(),
        e ->
            notice(
                "the manifest cannot be read (%s): see whether a log lies beside the file"
                    .formatted(e.getMessage())));
  }

  /// Makes the content ready, until this is closed.
  ///
  /// @param file of the snapshot, with its path there
  /// @throws HoldfastException.Rejected if it is the log of a database, which would be brought in
  ///   again beside the one that has all of it
  /// @throws HoldfastException.Unsupported if it is a database whose log cannot be brought into it
  public EntryContent content(EntryView file) {
    Optional<String> database = databases.databaseOfLog(file.path());
    if (database.isPresent()) {
      throw new HoldfastException.Rejected(
          "%s is the log of %s"
              .formatted(TarExport.shown(file.path()), TarExport.shown(database.get())),
          "dump that database: it comes with what the log holds; --as-stored gives each of the two"
              + " as it is in the snapshot");
    }
    if (!databases.hasLog(file.path())) {
      return new FileContent(source.repository());
    }
    EntryContent whole = whole(file);
    notice(
        TarExport.shown(file.path())
            + " is given with what its log holds; --as-stored gives it without");
    return whole;
  }

  private EntryContent whole(EntryView file) {
    try {
      return databases.require(file);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "%s cannot be put together in '%s': %s"
              .formatted(TarExport.shown(file.path()), source.scratch(), Reason.of(e)),
          "make room there, or name another place with --scratch; --as-stored needs none",
          e);
    }
  }

  private void notice(String text) {
    observer.on(new ExportEvent.Notice(text));
  }

  @Override
  public void close() {
    databases.close();
  }
}
