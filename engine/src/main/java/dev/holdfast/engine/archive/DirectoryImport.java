package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.archive.write.Digesting;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.source.DatabaseExport;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Folders that databases were exported to, ours or those of the program itself. Each is taken into
/// a database, which is what the snapshot gets.
final class DirectoryImport {
  /// What HitKeep calls its databases, whose folders do not say it.
  private static final String NAME = "hitkeep.db";

  private final ImportRequest request;
  private final ExportObserver observer;
  private final Scratch scratch;
  private final List<BackupSubject.Label> labels = new ArrayList<>();
  private long files;
  private long bytes;

  DirectoryImport(ImportRequest request, ExportObserver observer, Scratch scratch) {
    this.request = request;
    this.observer = observer;
    this.scratch = scratch;
  }

  Staged stage() throws IOException {
    Map<String, Path> members = new TreeMap<>();
    Optional<Instant> time = Optional.empty();
    if (engine(request.file()).isPresent()) {
      members.put("", request.file());
      String name = String.valueOf(request.file().toAbsolutePath().getFileName());
      if (ExportTarget.TIMESTAMP.matcher(name).matches()) {
        time = Optional.of(ExportTarget.instant(name));
      }
    } else {
      String timestamp = timestamp();
      time = Optional.of(ExportTarget.instant(timestamp));
      for (String place : ExportTarget.places(request.file())) {
        Path folder = request.file().resolve(place).resolve(timestamp);
        if (ExportTarget.isFolder(folder)) {
          members.put(place, folder);
        }
      }
    }
    TreeLayout layout =
        new TreeLayout(Files.createDirectory(scratch.folder().resolve("tree")).toString());
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, Path> member : members.entrySet()) {
      paths.add(take(member.getKey(), member.getValue(), layout));
    }
    return new Staged(
        scratch,
        ArchiveFormat.DUCKDB.word(),
        Staged.Origin.of(
            Optional.empty(), labels.stream().map(BackupSubject.Label::bindings).toList()),
        layout.tree(),
        List.of(),
        labels,
        paths,
        time,
        files,
        members.size());
  }

  private Optional<DatabaseExport> engine(Path folder) {
    return request.engines().stream()
        .flatMap(engine -> engine.exporting().stream())
        .filter(engine ->
            engine.marks().stream()
                .allMatch(
                    name -> Files.isRegularFile(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)))
        .findFirst();
  }

  /// Which of the exports: the one that was asked for, or the newest of which nothing is missing.
  private String timestamp() throws IOException {
    TreeSet<String> all = new TreeSet<>();
    for (String place : ExportTarget.places(request.file())) {
      for (String name : ExportTarget.names(request.file().resolve(place))) {
        if (ExportTarget.TIMESTAMP.matcher(name).matches()
            && ExportTarget.isFolder(request.file().resolve(place).resolve(name))) {
          all.add(name);
        }
      }
    }
    if (all.isEmpty()) {
      throw Refusal.refused(
          "'%s' is no folder of exports: neither shared/ nor tenants/ has one, nor is it one itself"
              .formatted(request.name()));
    }
    if (request.timestamp().isPresent()) {
      String wanted = request.timestamp().get();
      if (!all.contains(wanted)) {
        throw new HoldfastException.NotFound(
            "there is no export '" + wanted + "' in '" + request.name() + "'",
            "the newest is " + all.last());
      }
      Optional<String> missing = missing(wanted);
      missing.ifPresent(reason -> {
        throw Refusal.refused("the export " + wanted + " is not whole: " + reason);
      });
      return wanted;
    }
    ExportChoice choice = new ExportChoice(all, request.clock().instant());
    for (String each : choice.order()) {
      Optional<String> missing = missing(each);
      if (missing.isEmpty()) {
        choice.tell(each, observer);
        return each;
      }
      observer.on(
          new ExportEvent.Notice(
              "the export " + each + " is not whole, and is passed over: " + missing.get()));
    }
    throw Refusal.refused("none of its exports is whole");
  }

  /// What is missing from the exports of one time; empty if nothing is.
  private Optional<String> missing(String timestamp) throws IOException {
    Path root = request.file();
    TreeSet<String> wanted = new TreeSet<>();
    List<String> without = new ArrayList<>();
    for (String place : ExportTarget.places(root)) {
      Path folder = root.resolve(place).resolve(timestamp);
      if (!ExportTarget.isFolder(folder)) {
        without.add(place);
        continue;
      }
      if (engine(folder).isEmpty()) {
        return Optional.of(place + " lacks its scripts");
      }
      ExportFolder.read(folder).ifPresent(stored -> wanted.addAll(stored.set()));
    }
    if (wanted.isEmpty() && without.contains(ExportTarget.SHARED)) {
      return Optional.of("shared is missing");
    }
    for (String place : without) {
      if (wanted.contains(place)) {
        return Optional.of(place + " is missing");
      }
      observer.on(new ExportEvent.Notice(place + " has no export of " + timestamp));
    }
    wanted.removeAll(ExportTarget.places(root));
    return wanted.stream().findFirst().map(place -> place + " is missing");
  }

  /// Makes a database of a folder; gives where it goes in the snapshot.
  private String take(String place, Path folder, TreeLayout layout) throws IOException {
    Path copy = Files.createDirectory(scratch.folder().resolve("export-" + labels.size()));
    Map<String, String> sums = copyFiles(folder, copy);
    Optional<ExportFolder.Stored> stored = ExportFolder.read(copy);
    stored.ifPresent(it -> compare(place, it, sums));
    DatabaseExport engine =
        engine(copy).orElseThrow(() -> Refusal.refused("'" + place + "' lacks its scripts"));
    Path database = scratch.folder().resolve("database-" + labels.size());
    SourceFacts facts;
    try {
      facts = engine.read(copy.toString(), database.toString());
    } catch (HoldfastException.Corrupt e) {
      throw Refusal.damaged(
          (place.isEmpty() ? "" : place + ": ")
              + String.valueOf(e.getMessage()).replace(copy.toString(), ""));
    }
    stored.ifPresent(it -> compareRows(place, it, facts));
    String path = path(place, folder, stored);
    layout.move(database.toString(), path);
    labels.add(label(place, path, stored));
    Scratch.remove(copy);
    return path;
  }

  private Map<String, String> copyFiles(Path folder, Path copy) throws IOException {
    Map<String, String> sums = new HashMap<>();
    for (String name : ExportTarget.names(folder)) {
      Path file = folder.resolve(name);
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw Refusal.refused("'" + file + "' is no plain file");
      }
      bytes += Files.size(file);
      files++;
      if (bytes > request.limits().bytesMax() || files > request.limits().entriesMax()) {
        throw Refusal.tooLarge("it holds more than " + Quantity.bytes(request.limits().bytesMax()));
      }
      try (OutputStream out = Files.newOutputStream(copy.resolve(name));
          Digesting digest = new Digesting(out)) {
        Files.copy(file, digest);
        sums.put(name, digest.end());
      }
    }
    return sums;
  }

  private static void compare(String place, ExportFolder.Stored stored, Map<String, String> sums) {
    Map<String, String> found = new HashMap<>(sums);
    found.remove(ExportFolder.NAME);
    if (!found.equals(stored.files())) {
      throw Refusal.damaged(
          "the files of '%s' are not those that %s names, or not as they were"
              .formatted(place, ExportFolder.NAME));
    }
  }

  private static void compareRows(String place, ExportFolder.Stored stored, SourceFacts facts) {
    Map<String, Long> found = new HashMap<>();
    for (TableRows table : facts.tables()) {
      found.put(table.name(), table.rows());
    }
    if (!found.equals(stored.rows())) {
      throw Refusal.damaged(
          "the tables of '%s' do not have the rows that %s says"
              .formatted(place, ExportFolder.NAME));
    }
  }

  private String path(String place, Path folder, Optional<ExportFolder.Stored> stored) {
    if (stored.isPresent() && request.root().isEmpty()) {
      return TreeLayout.checked(stored.get().path());
    }
    String name = stored.map(it -> Paths.name(it.path())).orElse(NAME);
    String base = request.placeOfStrangers();
    if (place.isEmpty() && stored.isEmpty()) {
      return Paths.clean(base + "/" + folder.toAbsolutePath().getFileName() + ".duckdb");
    }
    String below = place.isEmpty() || place.equals(ExportTarget.SHARED) ? "" : place;
    return Paths.clean(base + "/" + below + "/" + name);
  }

  private static BackupSubject.Label label(
      String place, String path, Optional<ExportFolder.Stored> stored) {
    return stored
        .map(it ->
            new BackupSubject.Label(
                it.name().equals(it.path()) ? path : it.name(), path, it.bindings()))
        .orElseGet(() ->
            new BackupSubject.Label(
                place.isEmpty() ? path : place,
                path,
                place.startsWith(ExportTarget.TENANTS)
                    ? Map.of("tenant", Paths.name(place))
                    : Map.of()));
  }
}
