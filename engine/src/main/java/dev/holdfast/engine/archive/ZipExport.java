package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.archive.write.ZipOutput;
import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.json.JsonTree;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.FileContent;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes a dump of a PostgreSQL database as a zip of exactly `metadata.json` and `database.dump`.
final class ZipExport {
  static final String METADATA = "metadata.json";
  static final String DUMP = "database.dump";

  /// How many files such a zip has.
  static final int FILES = 2;

  private static final String KIND = "postgres";
  private static final String ENDING = ".zip";
  private static final String MIGRATIONS = "migrations";

  private final ExportSource source;
  private final ExportObserver observer;
  private final EntryView dump;

  ZipExport(ExportSource source, ExportObserver observer) {
    this.source = source;
    this.observer = observer;
    dump = dump(source);
  }

  long plainBytes() {
    return dump.sizeBytes();
  }

  void writeTo(OutputStream target) throws IOException {
    byte[] metadata = metadata(source);
    ZipOutput zip =
        new ZipOutput(
            target,
            source
                .start()
                .snapshot()
                .time()
                .withOffsetSameInstant(ZoneOffset.UTC)
                .toLocalDateTime());
    zip.add(METADATA, metadata.length, out -> out.write(metadata));
    FileContent content = new FileContent(source.repository());
    zip.add(DUMP, dump.sizeBytes(), out -> content.writeTo(dump, new Told(out)));
    zip.finish();
  }

  /// The one dump of what is exported.
  private static EntryView dump(ExportSource source) {
    List<EntryView> dumps = new ArrayList<>();
    SnapshotPath start = source.start();
    Walker walker = new Walker(source.repository());
    if (!start.path().equals("/")) {
      EntryView named = walker.entryAt(start);
      if (named.isFile()) {
        return named;
      }
    }
    walker.walk(
        start,
        entry -> {
          if (entry.isFile() && entry.name().equals(DUMP)) {
            dumps.add(entry.below(start.path()));
          }
          return true;
        });
    if (dumps.size() == 1) {
      return dumps.getFirst();
    }
    String id = start.snapshot().shortId();
    throw new HoldfastException.Rejected(
        dumps.isEmpty()
            ? "there is no dump of a PostgreSQL database in " + start.snapshot()
            : "there are " + dumps.size() + " dumps in " + start.snapshot() + ", and a zip has one",
        dumps.isEmpty()
            ? "databases in files go into a tar.gz"
            : "name one, such as '%s:%s'".formatted(id, dumps.getFirst().path()));
  }

  /// What `metadata.json` says: what lies beside the dump by that name in a snapshot that was
  /// imported, or else what the manifest knows.
  static byte[] metadata(ExportSource source) throws IOException {
    EntryView dump = dump(source);
    String beside = Paths.clean(dump.path() + "/../" + METADATA);
    try {
      SnapshotPath at = new SnapshotPath(source.start().snapshot(), beside);
      EntryView entry = new Walker(source.repository()).entryAt(at);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (entry.isFile() && entry.sizeBytes() <= JsonTree.BYTES_MAX) {
        new FileContent(source.repository()).writeTo(entry, bytes);
        return bytes.toByteArray();
      }
    } catch (HoldfastException.NotFound e) {
      return made(source, dump);
    }
    return made(source, dump);
  }

  private static byte[] made(ExportSource source, EntryView dump) {
    Optional<ManifestSource> facts =
        ManifestFile.read(source.repository(), source.start().snapshot().stored().snapshot())
            .flatMap((Manifest manifest) -> manifest.source(dump.path()))
            .filter(it -> it.kind().equals(KIND));
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1);
    json.put(
        "createdAt",
        facts
            .map(ManifestSource::instant)
            .orElse(source.start().snapshot().time().toInstant())
            .toString());
    Map<String, Object> app = new LinkedHashMap<>();
    app.put("version", "");
    app.put("commit", "");
    app.put("tag", "");
    json.put("app", app);
    json.put("database", database(facts, dump));
    Map<String, Object> counts = new LinkedHashMap<>();
    facts.ifPresent(it ->
        it.facts().tables().stream()
            .filter(table -> table.name().startsWith("public."))
            .forEach(
                table -> counts.put(table.name().substring("public.".length()), table.rows())));
    json.put("counts", counts);
    return JsonTree.file(json);
  }

  private static Map<String, @Nullable Object> database(
      Optional<ManifestSource> source, EntryView dump) {
    List<TableRows> tables = source.map(it -> it.facts().tables()).orElse(List.of());
    Map<String, String> properties = source.map(it -> it.facts().properties()).orElse(Map.of());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("pgVersion", source.map(it -> it.facts().engineVersion()).orElse(""));
    json.put(
        "migrationCount",
        tables.stream()
            .filter(table -> table.name().endsWith(MIGRATIONS))
            .mapToLong(TableRows::rows)
            .findFirst()
            .orElse(0));
    json.put("latestMigration", "unknown");
    json.put(
        "tableCount", tables.stream().filter(table -> table.name().startsWith("public.")).count());
    json.put("databaseSize", dump.sizeBytes());
    json.put("timescaleVersion", properties.getOrDefault("extension timescaledb", "unknown"));
    json.put("timescaleToolkitVersion", properties.get("extension timescaledb_toolkit"));
    return json;
  }

  /// The name of the file that lies beside such a zip.
  static Path sidecar(Path zip) {
    String name = String.valueOf(zip.getFileName());
    String stem = name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
    return zip.resolveSibling(stem + ".meta.json");
  }

  /// What is in that file.
  static byte[] sidecarOf(Path zip, ExportReport report, byte[] metadata) {
    JsonFields fields = JsonTree.read(Refusal.origin(METADATA), metadata);
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("filename", String.valueOf(zip.getFileName()));
    json.put("size", report.archiveBytes());
    json.put("createdAt", fields.optional("createdAt").orElse(""));
    json.put("type", "manual");
    json.put("metadata", fields.map());
    return JsonTree.file(json);
  }

  /// Says how far it is.
  private final class Told extends FilterOutputStream {
    Told(OutputStream target) {
      super(target);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      observer.on(new ExportEvent.Done(length));
    }
  }
}
