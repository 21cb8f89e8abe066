package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.archive.ExportReport;
import dev.holdfast.repository.error.Quantity;

/// The end of an export.
final class ExportOutput {
  private ExportOutput() {}

  static void print(Session session, ExportReport report) {
    if (session.globals().json()) {
      session.console().line(json(report));
    } else if (!session.globals().quiet()) {
      session
          .console()
          .line(
              "exported %s, %s, as %s"
                  .formatted(
                      Quantity.of(report.files(), "file"),
                      Sizes.bytes(report.plainBytes()),
                      Sizes.bytes(report.archiveBytes())));
      report.published().forEach(path -> session.console().line("  " + path));
    }
    session.console().flush();
  }

  private static String json(ExportReport report) {
    return Json.message("summary")
        .nonEmpty("snapshot_id", report.snapshot())
        .field("format", report.format().word())
        .field("files", report.files())
        .field("plain_bytes", report.plainBytes())
        .field("archive_bytes", report.archiveBytes())
        .nonEmpty("sha256", report.sha256())
        .strings("published", report.published())
        .end();
  }
}
