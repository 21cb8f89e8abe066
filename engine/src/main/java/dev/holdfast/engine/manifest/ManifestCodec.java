package dev.holdfast.engine.manifest;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/// A manifest to JSON. Everything outside of ASCII is escaped, so that names of any bytes survive:
/// a byte that is not UTF-8 is a lone surrogate, as [dev.holdfast.posix.OsString] has it.
public final class ManifestCodec {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private ManifestCodec() {}

  /// The bytes of the file.
  public static byte[] encode(Manifest manifest) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      write(out, manifest);
    }
    return text.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
  }

  /// The manifest in these bytes.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is none
  /// @throws dev.holdfast.repository.error.HoldfastException.Unsupported if it is of a later
  ///   version
  public static Manifest decode(byte[] json) {
    return new ManifestParser(json).parse();
  }

  private static void write(JsonGenerator out, Manifest manifest) {
    out.writeStartObject();
    out.writeNumberProperty(Field.FORMAT, Manifest.FORMAT);
    out.writeStringProperty(Field.PROGRAM, manifest.program());
    manifest.app().ifPresent(app -> out.writeStringProperty(Field.APP, app));
    out.writeStringProperty(Field.RUN, manifest.run());
    out.writeStringProperty(Field.HOST, manifest.host());
    instant(out, Field.START, manifest.start());
    instant(out, Field.INSTANT, manifest.instant());
    instant(out, Field.END, manifest.end());
    out.writeArrayPropertyStart(Field.SOURCES);
    manifest.sources().forEach(source -> write(out, source));
    out.writeEndArray();
    if (!manifest.failed().isEmpty()) {
      out.writeArrayPropertyStart(Field.FAILED);
      for (Manifest.FailedSource failed : manifest.failed()) {
        out.writeStartObject();
        out.writeStringProperty(Field.PATH, failed.path());
        out.writeStringProperty(Field.REASON, failed.reason());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    strings(out, Field.OUTSIDE, manifest.outside());
    strings(out, Field.WARNINGS, manifest.warnings());
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, ManifestSource source) {
    SourceFacts facts = source.facts();
    out.writeStartObject();
    out.writeStringProperty(Field.NAME, source.name());
    out.writeStringProperty(Field.KIND, source.kind());
    out.writeStringProperty(Field.PATH, source.path());
    texts(out, Field.BINDINGS, source.bindings());
    out.writeStringProperty(
        Field.CLAIM, source.claim().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    instant(out, Field.INSTANT, facts.instant());
    out.writeNumberProperty(Field.SKEW, source.skew().toNanos() / Field.NANOS_PER_MICRO);
    out.writeNumberProperty(Field.BYTES, source.bytes());
    source.contentHash().ifPresent(hash -> out.writeStringProperty(Field.CONTENT, hash));
    out.writeNumberProperty(Field.DURATION, source.duration().toNanos() / Field.NANOS_PER_MICRO);
    source.stateMark().ifPresent(mark -> out.writeStringProperty(Field.STATE, mark));
    out.writeBooleanProperty(Field.READ, source.wasRead());
    if (!facts.engineVersion().isEmpty()) {
      out.writeStringProperty(Field.ENGINE_VERSION, facts.engineVersion());
    }
    facts.schemaFingerprint().ifPresent(text -> out.writeStringProperty(Field.SCHEMA, text));
    texts(out, Field.PROPERTIES, facts.properties());
    tables(out, facts.tables());
    source.files().ifPresent(files -> write(out, files));
    strings(out, Field.WARNINGS, facts.warnings());
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, ManifestSource.FileCount files) {
    out.writeObjectPropertyStart(Field.FILES);
    out.writeNumberProperty(Field.COUNT, files.files());
    out.writeNumberProperty(Field.CHANGED_COUNT, files.changedAfterInstant());
    strings(out, Field.CHANGED, files.changed());
    out.writeEndObject();
  }

  private static void tables(JsonGenerator out, List<TableRows> tables) {
    if (tables.isEmpty()) {
      return;
    }
    out.writeArrayPropertyStart(Field.TABLES);
    for (TableRows table : tables) {
      out.writeStartObject();
      out.writeStringProperty(Field.NAME, table.name());
      out.writeNumberProperty(Field.ROWS, table.rows());
      if (!table.exact()) {
        out.writeBooleanProperty(Field.EXACT, false);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void strings(JsonGenerator out, String name, List<String> values) {
    if (values.isEmpty()) {
      return;
    }
    out.writeArrayPropertyStart(name);
    values.forEach(out::writeString);
    out.writeEndArray();
  }

  private static void texts(JsonGenerator out, String name, Map<String, String> values) {
    if (values.isEmpty()) {
      return;
    }
    out.writeObjectPropertyStart(name);
    values.forEach(out::writeStringProperty);
    out.writeEndObject();
  }

  private static void instant(JsonGenerator out, String name, Instant instant) {
    out.writeStringProperty(name, instant.toString());
  }

  /// The names of members.
  static final class Field {
    static final long NANOS_PER_MICRO = 1000;

    static final String FORMAT = "format";
    static final String PROGRAM = "program";
    static final String APP = "app";
    static final String RUN = "run";
    static final String HOST = "host";
    static final String START = "start";
    static final String INSTANT = "instant";
    static final String END = "end";
    static final String SOURCES = "sources";
    static final String FAILED = "failed";
    static final String REASON = "reason";
    static final String OUTSIDE = "outside";
    static final String WARNINGS = "warnings";
    static final String NAME = "name";
    static final String KIND = "kind";
    static final String PATH = "path";
    static final String BINDINGS = "bindings";
    static final String CLAIM = "claim";
    static final String SKEW = "skew_us";
    static final String BYTES = "bytes";
    static final String CONTENT = "content";
    static final String DURATION = "duration_us";
    static final String STATE = "state";
    static final String READ = "read";
    static final String ENGINE_VERSION = "engine_version";
    static final String SCHEMA = "schema";
    static final String PROPERTIES = "properties";
    static final String TABLES = "tables";
    static final String ROWS = "rows";
    static final String EXACT = "exact";
    static final String FILES = "files";
    static final String COUNT = "count";
    static final String CHANGED_COUNT = "changed_after_instant";
    static final String CHANGED = "changed";

    private Field() {}
  }
}
