package dev.holdfast.engine.archive;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.source.Companion;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseExport;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import dev.holdfast.repository.store.DistantFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Exports databases in their engine's own portable form, of a snapshot or live, into a folder of
/// such exports, of this machine or another. All of those of one run appear, or none.
public final class DatabaseExports {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path target;
  private final Optional<Distant> distant;
  private final Path scratch;
  private final String program;
  private final ExportObserver observer;

  /// A live database.
  ///
  /// @param bindings what the names in its pattern stand for
  public record Live(
      DatabaseEngine engine, String name, String path, Map<String, String> bindings) {}

  /// @param target the folder of exports
  /// @param scratch where a database is put while it is exported
  /// @param program such as `holdfast 0.1.0`
  public DatabaseExports(Path target, Path scratch, String program, ExportObserver observer) {
    this(target.toAbsolutePath(), Optional.empty(), scratch, program, observer);
  }

  /// To another machine: all of it is made in `scratch` first.
  public DatabaseExports(Distant distant, Path scratch, String program, ExportObserver observer) {
    this(scratch, Optional.of(distant), scratch, program, observer);
  }

  private DatabaseExports(
      Path target,
      Optional<Distant> distant,
      Path scratch,
      String program,
      ExportObserver observer) {
    this.target = target;
    this.distant = distant;
    this.scratch = scratch;
    this.program = program;
    this.observer = observer;
  }

  /// A folder of exports that is not of this machine.
  ///
  /// @param engines all kinds of databases that may be there
  public record Distant(DistantFolder folder, List<DatabaseEngine> engines, Clock clock) {
    public Distant {
      engines = List.copyOf(engines);
    }
  }

  /// Something to export.
  private record Member(
      DatabaseExport engine,
      String name,
      String path,
      Map<String, String> bindings,
      Opened opened) {
    String place() {
      List<String> values = List.copyOf(bindings.values());
      String id = values.isEmpty() ? "" : String.join("-", values);
      String parent = Paths.clean(path + "/..");
      if (id.isEmpty() && Paths.name(Paths.clean(parent + "/..")).equals(ExportTarget.TENANTS)) {
        id = Paths.name(parent);
      }
      if (id.isEmpty()) {
        return ExportTarget.SHARED;
      }
      if (id.equals(".") || id.equals("..") || id.indexOf('/') >= 0) {
        throw new HoldfastException.Rejected("'" + id + "' cannot be the name of a folder", "");
      }
      return ExportTarget.TENANTS + "/" + id;
    }
  }

  /// Puts a database, and what belongs to its state, into a folder; gives its instant.
  @FunctionalInterface
  private interface Opened {
    Instant copyTo(Path file) throws IOException;
  }

  /// Exports what a snapshot holds.
  public ExportReport ofSnapshot(ExportSource source) {
    SnapshotPath start = source.start();
    Manifest manifest =
        ManifestFile.read(source.repository(), start.snapshot().stored().snapshot())
            .orElseThrow(() -> nothing(start.snapshot().toString()));
    try (WholeDatabases databases = new WholeDatabases(source, Optional.of(manifest), observer)) {
      List<Member> members = new ArrayList<>();
      for (ManifestSource each : manifest.sources()) {
        Optional<DatabaseExport> engine = exporting(source.engines(), each.kind());
        if (engine.isEmpty() || !Paths.isWithin(start.path(), each.path())) {
          continue;
        }
        EntryView entry =
            new Walker(source.repository())
                .entryAt(new SnapshotPath(start.snapshot(), each.path()));
        members.add(
            new Member(
                engine.get(),
                each.name(),
                each.path(),
                each.bindings(),
                file -> {
                  databases.copyTo(entry, file);
                  return each.instant();
                }));
      }
      if (members.isEmpty()) {
        throw nothing(start.snapshot().toString());
      }
      String timestamp = ExportTarget.timestamp(start.snapshot().time().toInstant());
      return run(start.snapshot().id(), members, timestamp, OptionalInt.empty());
    }
  }

  private static HoldfastException nothing(String where) {
    return new HoldfastException.NotFound(
        "there is no database in " + where + " that can be exported so",
        "DuckDB databases can; everything else goes into a tar.gz");
  }

  private static Optional<DatabaseExport> exporting(List<DatabaseEngine> engines, String kind) {
    return engines.stream()
        .filter(engine -> engine.name().equals(kind))
        .findFirst()
        .flatMap(DatabaseEngine::exporting);
  }

  /// Exports live databases.
  ///
  /// @param now names the exports
  /// @param keep how many runs stay; empty: all
  public ExportReport ofLive(List<Live> databases, Instant now, OptionalInt keep) {
    if (databases.isEmpty()) {
      throw nothing("what was named");
    }
    List<Member> members = new ArrayList<>();
    for (Live each : databases) {
      members.add(
          new Member(
              each.engine().exporting().orElseThrow(() -> nothing("'" + each.path() + "'")),
              each.name(),
              each.path(),
              each.bindings(),
              file -> copy(each, file)));
    }
    return run("", members, ExportTarget.timestamp(now), keep);
  }

  private static Instant copy(Live database, Path file) throws IOException {
    try (Content content = database.engine().open(database.path())) {
      write(content, file);
      for (Companion beside : content.companions()) {
        write(beside.content(), file.resolveSibling(file.getFileName() + beside.suffix()));
      }
      return content.facts().map(SourceFacts::instant).orElseGet(Instant::now);
    }
  }

  private static void write(Content content, Path file) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long at = 0; at < content.lengthBytes(); ) {
        int count = (int) Math.min(buffer.length, content.lengthBytes() - at);
        content.read(at, buffer, 0, count);
        out.write(buffer, 0, count);
        at += count;
      }
    }
  }

  private ExportReport run(
      String snapshot, List<Member> members, String timestamp, OptionalInt keep) {
    try {
      return distant.isPresent()
          ? send(distant.get(), snapshot, members, timestamp, keep)
          : make(target, snapshot, members, timestamp, keep);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot export to '" + target + "': " + Reason.of(e), "", e);
    }
  }

  private ExportReport send(
      Distant there, String snapshot, List<Member> members, String timestamp, OptionalInt keep)
      throws IOException {
    try (Scratch own = Scratch.in(scratch)) {
      DistantExports exports =
          new DistantExports(there.folder(), there.engines(), own.folder(), observer);
      exports.removeRemains(there.clock().instant());
      exports.requireNew(timestamp);
      Path made = own.folder().resolve("exports");
      ExportReport report = make(made, snapshot, members, timestamp, OptionalInt.empty());
      List<String> published = exports.publish(made, timestamp);
      if (keep.isPresent()) {
        tell(exports.keep(keep.getAsInt(), timestamp));
      }
      return report.withPublished(published);
    }
  }

  private ExportReport make(
      Path root, String snapshot, List<Member> members, String timestamp, OptionalInt keep)
      throws IOException {
    try (ExportTarget folder = ExportTarget.open(root)) {
      List<String> set = members.stream().map(Member::place).sorted().toList();
      Tally tally = new Tally();
      for (Member member : members) {
        export(folder, member, timestamp, set, tally);
      }
      List<String> published = folder.publish(timestamp);
      if (keep.isPresent()) {
        tell(folder.keep(keep.getAsInt(), timestamp));
      }
      return new ExportReport(
          snapshot,
          ArchiveFormat.DUCKDB,
          tally.files,
          tally.plainBytes,
          tally.exportedBytes,
          "",
          published);
    }
  }

  private void tell(List<String> removed) {
    removed.forEach(each -> observer.on(new ExportEvent.Notice("removed " + each)));
  }

  /// What there was to do.
  private static final class Tally {
    private long files;
    private long plainBytes;
    private long exportedBytes;
  }

  private void export(
      ExportTarget folder, Member member, String timestamp, List<String> set, Tally tally)
      throws IOException {
    Path partial = folder.begin(member.place(), timestamp);
    try (Scratch place = Scratch.in(scratch)) {
      Path database = place.folder().resolve("database");
      Instant instant = member.opened().copyTo(database);
      tally.plainBytes += Files.size(database);
      SourceFacts facts = member.engine().write(database.toString(), partial.toString());
      Map<String, String> files = ExportFolder.checksums(partial);
      new ExportFolder(
              program, instant, member.name(), member.path(), member.bindings(), facts, set, files)
          .write(partial);
      tally.files += files.size() + 1;
      for (String name : files.keySet()) {
        tally.exportedBytes += Files.size(partial.resolve(name));
      }
      observer.on(new ExportEvent.Done(Files.size(database)));
    }
  }
}
