package dev.holdfast.engine.restore;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import dev.holdfast.repository.restore.Overwrite;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The databases in what is restored, as the manifest names them. The file of a database is not all
/// of its state: logs that the snapshot has go with it, and a log that lies where it is put must
/// not be taken for its own.
final class RestoredDatabases {
  private final Repository repository;
  private final SnapshotPath from;

  /// By their paths inside of what is restored.
  private final Map<String, DatabaseEngine> engines = new TreeMap<>();

  /// Those of all their kinds.
  private final Set<String> suffixes = new TreeSet<>();

  private RestoredDatabases(Repository repository, SnapshotPath from) {
    this.repository = repository;
    this.from = from;
  }

  /// Those at or below `from`; none if the snapshot has no manifest, as those of other programs.
  static RestoredDatabases of(
      Repository repository, SnapshotPath from, List<DatabaseEngine> engines) {
    RestoredDatabases databases = new RestoredDatabases(repository, from);
    for (ManifestSource source : databases.sources()) {
      if (source.path().startsWith(databases.above() + "/")) {
        String inside = source.path().substring(databases.above().length());
        engines.stream()
            .filter(engine -> engine.name().equals(source.kind()))
            .forEach(engine -> databases.add(inside, engine));
      }
    }
    return databases;
  }

  private void add(String path, DatabaseEngine engine) {
    engines.put(path, engine);
    suffixes.addAll(engine.sidecarSuffixes());
  }

  private List<ManifestSource> sources() {
    return ManifestFile.readIfPossible(repository, from.snapshot().stored().snapshot(), _ -> {})
        .map(Manifest::sources)
        .orElse(List.of());
  }

  private String above() {
    return from.path().equals("/") ? "" : from.path();
  }

  /// The same choice, and with each database its logs.
  Selection withLogs(Selection chosen) {
    return (path, directory) -> {
      Selection.Choice choice = chosen.choose(path, directory);
      return !directory && !choice.restore() && isLogOfChosen(path, chosen)
          ? Selection.Choice.TAKE
          : choice;
    };
  }

  private boolean isLogOfChosen(String path, Selection chosen) {
    return suffixes.stream()
        .filter(path::endsWith)
        .map(suffix -> path.substring(0, path.length() - suffix.length()))
        .anyMatch(
            database -> engines.containsKey(database) && chosen.choose(database, false).restore());
  }

  /// Makes sure that no database would be mixed up with the log of another that was there before.
  ///
  /// @throws HoldfastException.Rejected if one would
  void refuseForeignLogs(String target, RestoreOptions options) {
    List<String> foreign = new ArrayList<>();
    try {
      for (Map.Entry<String, DatabaseEngine> database : engines.entrySet()) {
        if (isChosen(database.getKey(), options.selection())
            && isWritten(database.getKey(), target, options.overwrite())) {
          addForeignLogs(database.getKey(), database.getValue(), target, options, foreign);
        }
      }
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot look at what is in %s: %s".formatted(OsString.display(target), Reason.of(e)),
          "",
          e);
    }
    if (!foreign.isEmpty()) {
      throw new HoldfastException.Rejected(
          "%s%s is the log of a database that is there now, and would change the restored one"
              .formatted(
                  OsString.display(foreign.getFirst()),
                  foreign.size() == 1 ? "" : ", as %d others,".formatted(foreign.size() - 1)),
          "put live data back with 'holdfast recover', restore into another folder, or move the "
              + "database that is there away with its log");
    }
  }

  private void addForeignLogs(
      String path,
      DatabaseEngine engine,
      String target,
      RestoreOptions options,
      List<String> foreign)
      throws IOException {
    for (String suffix : engine.sidecarSuffixes()) {
      String log = path + suffix;
      // What is local first: the repository is asked only about the few logs that there are.
      if (engine.wouldBeTakenIn(target + log)
          && !(options.delete() && isChosen(log, options.selection()))
          && !(entry(log).isPresent() && isWritten(log, target, options.overwrite()))) {
        foreign.add(target + log);
      }
    }
  }

  private static boolean isChosen(String path, Selection selection) {
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      if (!selection.choose(path.substring(0, slash), true).descend()) {
        return false;
      }
    }
    return selection.choose(path, false).restore();
  }

  private boolean isWritten(String path, String target, Overwrite overwrite) throws IOException {
    if (!Posix.isPresent(target + path)) {
      return true;
    }
    FileStat existing = Posix.lstat(target + path);
    return entry(path)
        .filter(entry -> overwrite.replaces(existing, entry.modificationTime()))
        .isPresent();
  }

  private Optional<EntryView> entry(String path) {
    try {
      return Optional.of(
          new Walker(repository).entryAt(new SnapshotPath(from.snapshot(), above() + path)));
    } catch (HoldfastException.NotFound e) {
      return Optional.empty();
    }
  }
}
