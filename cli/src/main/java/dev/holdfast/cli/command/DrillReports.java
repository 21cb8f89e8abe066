package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.drill.DrillReport;
import dev.holdfast.engine.drill.ReportCodec;
import dev.holdfast.repository.error.HoldfastException;
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

  void print(DrillReport report, List<String> files) {
    String text = new DrillText(session.clock().getZone()).of(report);
    if (session.globals().json()) {
      String json = ReportCodec.encode(report);
      session.console().line("{\"message_type\":\"drill\"," + json.substring(1));
    } else if (!session.globals().quiet() || !report.passed()) {
      session.console().text(text);
    }
    for (String file : files) {
      Path path = Path.of(session.workingDirectory()).resolve(file);
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
