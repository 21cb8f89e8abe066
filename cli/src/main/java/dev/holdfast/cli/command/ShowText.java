package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestDifference;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.Quantity;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What `show` prints for people.
///
/// @param zone of the times shown
record ShowText(ZoneId zone) {
  /// Tables with other rows that are listed of one source; the rest is counted.
  private static final int TABLES_MAX = 12;

  String of(ShownSnapshot shown) {
    Manifest manifest = shown.manifest();
    Optional<ManifestDifference> difference = shown.difference();
    StringBuilder text = new StringBuilder();
    line(text, heading(shown.snapshot(), manifest));
    line(text, "instant:  " + GoTimes.text(manifest.instant().atZone(zone).toOffsetDateTime()));
    shown
        .before()
        .ifPresent(before ->
            line(
                text,
                "before:   snapshot "
                    + before.shortId()
                    + " at "
                    + GoTimes.text(before.time())
                    + (difference.isEmpty() ? ", which has no manifest" : "")));
    line(
        text,
        "drilled:  "
            + shown
                .drill()
                .map(drill ->
                    "%s, %s"
                        .formatted(
                            GoTimes.text(drill.end().atZone(zone).toOffsetDateTime()),
                            drill.passed() ? "it can be recovered" : "FAILED"))
                .orElse("never"));
    text.append('\n').append(table(manifest, difference)).append('\n');
    difference.ifPresent(changes -> differences(text, changes));
    remarks(text, manifest);
    return text.toString().stripTrailing() + "\n";
  }

  private static String heading(SnapshotView snapshot, Manifest manifest) {
    return "snapshot %s%s at %s by %s@%s%s"
        .formatted(
            snapshot.shortId(),
            manifest.app().map(app -> " of app " + app).orElse(""),
            GoTimes.text(snapshot.time()),
            snapshot.username(),
            snapshot.hostname(),
            snapshot.tags().isEmpty() ? "" : " [" + String.join(", ", snapshot.tags()) + "]");
  }

  private static String table(Manifest manifest, Optional<ManifestDifference> difference) {
    Map<ManifestSource, Long> gained = gained(difference);
    Table table = new Table("Source", "Kind", "Path", "Consistent", "Size", "Rows", "Skew");
    for (ManifestSource source : manifest.sources()) {
      table.row(
          name(source),
          kind(source),
          OsString.display(source.path()),
          claim(source),
          Sizes.bytes(source.bytes()),
          amount(source, gained.getOrDefault(source, 0L)),
          skew(source.skew()));
    }
    table.footer(Quantity.of(manifest.sources().size(), "source"));
    return table.render();
  }

  private static String name(ManifestSource source) {
    String bindings =
        source.bindings().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(", "));
    String name = source.name().equals(source.path()) ? "" : source.name();
    return OsString.display(bindings.isEmpty() ? name : name + " (" + bindings + ")");
  }

  private static String kind(ManifestSource source) {
    String version = source.facts().engineVersion();
    return version.isEmpty() ? source.kind() : source.kind() + " " + version;
  }

  private static String claim(ManifestSource source) {
    return source.claim().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Rows gained by each source that has other rows than before.
  private static Map<ManifestSource, Long> gained(Optional<ManifestDifference> difference) {
    Map<ManifestSource, Long> gained = new HashMap<>();
    difference.stream()
        .flatMap(changes -> changes.changed().stream())
        .forEach(change -> {
          long rows = change.after().rows().orElse(0);
          gained.put(change.after(), rows - change.before().rows().orElse(rows));
        });
    return gained;
  }

  private static String amount(ManifestSource source, long gained) {
    if (source.files().isPresent()) {
      return Quantity.of(source.files().get().files(), "file");
    }
    if (source.rows().isEmpty()) {
      return "";
    }
    return (source.rowsAreExact() ? "" : "~")
        + source.rows().getAsLong()
        + (gained == 0 ? "" : " (%+d)".formatted(gained));
  }

  private static String skew(Duration skew) {
    return skew.isZero() ? "0" : String.format(Locale.ROOT, "%.3f s", skew.toNanos() / 1e9);
  }

  private static void differences(StringBuilder text, ManifestDifference changes) {
    changes.added().forEach(source -> line(text, "new: " + OsString.display(source.path())));
    changes
        .vanished()
        .forEach(source -> line(text, "no longer there: " + OsString.display(source.path())));
    for (ManifestDifference.SourceChange change : changes.changed()) {
      List<String> parts = new ArrayList<>();
      if (change.schemaChanged()) {
        parts.add("the schema changed");
      }
      change.tables().stream().limit(TABLES_MAX).forEach(table -> parts.add(tableChange(table)));
      if (change.tables().size() > TABLES_MAX) {
        parts.add((change.tables().size() - TABLES_MAX) + " more tables");
      }
      if (!parts.isEmpty()) {
        line(
            text,
            "changed: "
                + OsString.display(change.after().path())
                + ": "
                + String.join(", ", parts));
      }
    }
  }

  private static String tableChange(ManifestDifference.TableChange table) {
    String name = OsString.display(table.name());
    if (table.before().isEmpty()) {
      return name + " is new with " + table.gained();
    }
    if (table.after().isEmpty()) {
      return name + " is gone with " + -table.gained();
    }
    return "%s %d (%+d)".formatted(name, table.after().get().rows(), table.gained());
  }

  private static void remarks(StringBuilder text, Manifest manifest) {
    for (Manifest.FailedSource failed : manifest.failed()) {
      line(text, "failed: " + OsString.display(failed.path()) + ": " + failed.reason());
    }
    for (ManifestSource source : manifest.sources()) {
      for (String warning : source.facts().warnings()) {
        line(text, "warning: " + OsString.display(source.path()) + ": " + warning);
      }
      source
          .files()
          .filter(files -> files.changedAfterInstant() > 0)
          .ifPresent(files -> line(text, changedFiles(source, files)));
    }
    manifest.warnings().forEach(warning -> line(text, "warning: " + warning));
    for (String path : manifest.outside()) {
      line(text, "outside of the boundary: " + OsString.display(path));
    }
  }

  private static String changedFiles(ManifestSource source, ManifestSource.FileCount files) {
    return "%d of the files in %s were written to after the instant: %s%s"
        .formatted(
            files.changedAfterInstant(),
            OsString.display(source.path()),
            files.changed().stream()
                .limit(TABLES_MAX)
                .map(OsString::display)
                .collect(Collectors.joining(", ")),
            files.changedAfterInstant() > TABLES_MAX ? ", ..." : "");
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
