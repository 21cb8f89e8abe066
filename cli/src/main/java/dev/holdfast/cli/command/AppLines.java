package dev.holdfast.cli.command;

import dev.holdfast.engine.backup.BackupReport;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestDifference;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.Quantity;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the end of a backup says of an app, so that nobody learns it when it is restored: what is
/// new, what vanished, and what lies outside of its boundary.
final class AppLines {
  /// Names on one line.
  private static final int NAMES_MAX = 5;

  private AppLines() {}

  static String of(BackupReport report, Manifest manifest) {
    StringBuilder text = new StringBuilder();
    manifest.app().ifPresent(app -> text.append(heading(app, manifest)).append('\n'));
    List<ManifestSource> databases =
        manifest.sources().stream().filter(source -> source.files().isEmpty()).toList();
    long changed =
        manifest.sources().stream()
            .flatMap(source -> source.files().stream())
            .mapToLong(ManifestSource.FileCount::changedAfterInstant)
            .sum();
    if (changed > 0 && !databases.isEmpty() && manifest.app().isPresent()) {
      text.append(changed).append(" files were written to after the databases' instant\n");
    }
    report.difference().ifPresent(difference -> compare(text, difference));
    names(text, "outside of the boundary, not backed up: ", manifest.outside());
    return text.toString();
  }

  private static String heading(String app, Manifest manifest) {
    double skew =
        manifest.sources().stream().mapToLong(source -> source.skew().toNanos()).max().orElse(0)
            / 1e9;
    return String.format(
        Locale.ROOT,
        "app %s: %s, at most %.3f s apart%s",
        app,
        Quantity.of(manifest.sources().size(), "source"),
        skew,
        manifest.failed().isEmpty() ? "" : ", " + manifest.failed().size() + " missing");
  }

  private static void compare(StringBuilder text, ManifestDifference difference) {
    names(text, "new since the snapshot before: ", paths(difference.added()));
    names(text, "no longer there: ", paths(difference.vanished()));
  }

  private static List<String> paths(List<ManifestSource> sources) {
    return sources.stream().map(ManifestSource::path).toList();
  }

  private static void names(StringBuilder text, String label, List<String> names) {
    if (!names.isEmpty()) {
      text.append(label)
          .append(
              names.stream()
                  .limit(NAMES_MAX)
                  .map(OsString::display)
                  .collect(Collectors.joining(", ")))
          .append(names.size() > NAMES_MAX ? " and " + (names.size() - NAMES_MAX) + " more" : "")
          .append('\n');
    }
  }
}
