package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.drill.DrillReport;
import dev.holdfast.engine.drill.ReportCodec;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Prints the report of a drill, and writes it to files.
final class DrillReports {
  private static final String HTML = ".html";
  private static final String JSON = ".json";
  private static final String TEXT = ".txt";

  private final Session session;

  DrillReports(Session session) {
    this.session = session;
  }

  /// Said before a drill, not after.
  static void requireKnownEndings(List<String> files) {
    for (String file : files) {
      if (!file.endsWith(HTML) && !file.endsWith(JSON) && !file.endsWith(TEXT)) {
        throw new HoldfastException.Rejected(
            "--report '" + file + "' has no ending that says what it is to be",
            "let it end in .html, .json or .txt");
      }
    }
  }

  /// Said before a drill, not after: a slip in the name must not cost the report of an hour's work,
  /// nor leave it in a folder that nobody looks into.
  ///
  /// @throws HoldfastException.NotFound if the folder of a report is not there
  void requireFolders(List<String> files) {
    for (String file : files) {
      Path folder = path(file).toAbsolutePath().normalize().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new HoldfastException.NotFound(
            "there is no folder '%s' for --report '%s'".formatted(folder, file),
            "make it, or name another");
      }
      if (Files.isDirectory(path(file))) {
        throw new HoldfastException.Rejected(
            "--report '" + file + "' is a folder", "name a file in it");
      }
    }
  }

  private Path path(String file) {
    return Path.of(session.workingDirectory()).resolve(file);
  }

  void print(DrillReport report, List<String> files) {
    String text = new DrillText(session.clock().getZone()).of(report);
    if (session.globals().json()) {
      String json = ReportCodec.encode(report);
      session.console().line("{\"message_type\":\"drill\"," + json.substring(1));
    } else if (!session.globals().quiet() || !report.passed()) {
      session.console().text(text);
    }
    for (String file : files) {
      Path path = path(file);
      if (file.endsWith(HTML)) {
        WholeFile.write(path, new DrillHtml(session.clock().getZone()).of(report));
      } else if (file.endsWith(JSON)) {
        WholeFile.write(path, ReportCodec.encode(report) + "\n");
      } else {
        WholeFile.write(path, text);
      }
    }
  }
}
