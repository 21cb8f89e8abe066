package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.backup.BackupReport;
import dev.holdfast.engine.manifest.ManifestSource;
import java.time.Duration;
import java.util.Locale;

/// The end of a backup, laid out as restic's.
final class BackupSummary {
  private static final int SHORT_ID_DIGITS = 8;
  private static final int MORE = 2;

  private BackupSummary() {}

  static void print(Session session, BackupReport report, boolean dryRun) {
    if (session.globals().json()) {
      session.console().line(json(report, dryRun));
    } else if (!session.globals().quiet()) {
      session.console().text(text(report, dryRun, session.globals().verbosity()));
    }
  }

  private static Duration duration(BackupReport report) {
    return Duration.between(report.start(), report.end());
  }

  private static String text(BackupReport report, boolean dryRun, int verbosity) {
    StringBuilder text = new StringBuilder("\n");
    text.append(
        counts("Files", report.filesNew(), report.filesChanged(), report.filesUnmodified()));
    text.append(counts("Dirs", report.dirsNew(), report.dirsChanged(), report.dirsUnmodified()));
    if (verbosity >= MORE) {
      text.append(String.format("Data Blobs:  %5d new%n", report.dataBlobs()));
      text.append(String.format("Tree Blobs:  %5d new%n", report.treeBlobs()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%s to the repository: %-5s (%-5s stored)%n%n",
            dryRun ? "Would add" : "Added",
            Sizes.bytes(report.addedBytes()),
            Sizes.bytes(report.storedBytes())));
    text.append(
        String.format(
            "processed %d files, %s in %s%n",
            report.totalFiles(),
            Sizes.bytes(report.totalBytes()),
            Sizes.duration(duration(report))));
    if (!dryRun) {
      text.append(
          report
              .snapshotId()
              .map(id -> "snapshot " + id.substring(0, SHORT_ID_DIGITS) + " saved\n")
              .orElse("skipped creating snapshot\n"));
    }
    report.manifest().ifPresent(manifest -> text.append(AppLines.of(report, manifest)));
    return text.toString();
  }

  private static String counts(String what, long added, long changed, long unmodified) {
    return String.format(
        "%-12s %5d new, %5d changed, %5d unmodified%n", what + ":", added, changed, unmodified);
  }

  private static String json(BackupReport report, boolean dryRun) {
    Json json =
        Json.message("summary")
            .field("files_new", report.filesNew())
            .field("files_changed", report.filesChanged())
            .field("files_unmodified", report.filesUnmodified())
            .field("dirs_new", report.dirsNew())
            .field("dirs_changed", report.dirsChanged())
            .field("dirs_unmodified", report.dirsUnmodified())
            .field("data_blobs", report.dataBlobs())
            .field("tree_blobs", report.treeBlobs())
            .field("data_added", report.addedBytes())
            .field("data_added_packed", report.storedBytes())
            .field("total_files_processed", report.totalFiles())
            .field("total_bytes_processed", report.totalBytes())
            .field("total_duration", duration(report).toNanos() / 1e9)
            .field("backup_start", Times.rfc3339(report.start()))
            .field("backup_end", Times.rfc3339(report.end()))
            .nonEmpty("snapshot_id", report.snapshotId().orElse(""));
    report
        .manifest()
        .ifPresent(manifest -> {
          json.nonEmpty("app", manifest.app().orElse(""))
              .field("sources", manifest.sources().size());
          json.nonEmpty("outside", manifest.outside());
          report
              .difference()
              .ifPresent(changes ->
                  json.nonEmpty(
                      "vanished", changes.vanished().stream().map(ManifestSource::path).toList()));
        });
    return (dryRun ? json.field("dry_run", true) : json).end();
  }
}
