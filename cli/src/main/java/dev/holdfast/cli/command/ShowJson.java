package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.drill.ReportCodec;
import dev.holdfast.engine.manifest.ManifestCodec;
import dev.holdfast.engine.manifest.ManifestDifference;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.TableRows;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What `show --json` prints: one object with the manifest as it is stored, and the difference.
final class ShowJson {
  private ShowJson() {}

  static String of(ShownSnapshot shown) {
    String manifest =
        new String(ManifestCodec.encode(shown.manifest()), StandardCharsets.US_ASCII).strip();
    Json json =
        Json.object()
            .field("id", shown.snapshot().id())
            .field("short_id", shown.snapshot().shortId())
            .strings("tags", shown.snapshot().tags())
            .raw("manifest", manifest);
    shown.before().ifPresent(before -> json.field("before", before.id()));
    shown.difference().ifPresent(difference -> json.raw("difference", difference(difference)));
    shown.drill().ifPresent(drill -> json.raw("drill", ReportCodec.encode(drill)));
    return json.end();
  }

  private static String difference(ManifestDifference difference) {
    return Json.object()
        .strings("added", paths(difference.added()))
        .strings("vanished", paths(difference.vanished()))
        .raw(
            "changed",
            Json.array(
                difference.changed().stream()
                    .filter(change -> !change.tables().isEmpty() || change.schemaChanged())
                    .map(ShowJson::change)
                    .toList()))
        .end();
  }

  private static List<String> paths(List<ManifestSource> sources) {
    return sources.stream().map(ManifestSource::path).toList();
  }

  private static String change(ManifestDifference.SourceChange change) {
    return Json.object()
        .field("path", change.after().path())
        .field("schema_changed", change.schemaChanged())
        .raw("tables", Json.array(change.tables().stream().map(ShowJson::table).toList()))
        .end();
  }

  private static String table(ManifestDifference.TableChange table) {
    Json json = Json.object().field("name", table.name());
    table.before().map(TableRows::rows).ifPresent(rows -> json.field("rows_before", rows));
    table.after().map(TableRows::rows).ifPresent(rows -> json.field("rows", rows));
    return json.end();
  }
}
