package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.drill.DrillReport;
import dev.holdfast.engine.drill.DrillReport.CheckResult;
import dev.holdfast.engine.drill.DrillReport.SourceProof;
import dev.holdfast.posix.OsString;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The report of a drill as a page of its own: no scripts, nothing from elsewhere, every text
/// escaped.
///
/// @param zone of the times shown
record DrillHtml(ZoneId zone) {
  String of(DrillReport report) {
    DrillText words = new DrillText(zone);
    StringBuilder page = new StringBuilder();
    page.append(head(DrillText.title(report)));
    page.append(
        "<h1 class=\"%s\">%s</h1>\n"
            .formatted(report.passed() ? "passed" : "failed", escape(DrillText.title(report))));
    if (!report.passed()) {
      page.append("<h2>Why it failed</h2>\n").append(list(report.reasons()));
    }
    page.append("<h2>What was drilled</h2>\n<table>\n");
    row(page, "Snapshot", report.snapshot().id());
    row(page, "Made", words.time(report.snapshot().time()) + " on " + report.snapshot().host());
    row(page, "Repository", report.repository());
    row(page, "Drill", report.id() + " on " + report.host() + " by " + report.program());
    row(page, "Begun", words.time(report.start()));
    row(page, "Ended", words.time(report.end()));
    row(page, "Time to data", DrillText.toData(report));
    row(page, "Time to service", DrillText.toService(report));
    page.append("</table>\n<h2>Sources</h2>\n");
    page.append(
        table(
            List.of("Source", "Kind", "Path", "Size", "Proven"),
            report.sources().stream().map(DrillHtml::cells).toList()));
    if (!report.checks().isEmpty()) {
      page.append("<h2>Checks</h2>\n");
      page.append(
          table(
              List.of("Check", "Kind", "Result", "Found"),
              report.checks().stream().map(DrillHtml::cells).toList()));
    }
    if (!report.notes().isEmpty()) {
      page.append("<h2>Notes</h2>\n").append(list(report.notes()));
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static String head(String title) {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a; background: #fff }
    h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
    .passed { border-left: .4rem solid #1a7f37; padding-left: .8rem }
    .failed { border-left: .4rem solid #b3261e; padding-left: .8rem }
    table { border-collapse: collapse; width: 100%% }
    th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #ddd; overflow-wrap: anywhere }
    th { font-weight: 600 } td.bad { color: #b3261e; font-weight: 600 }
    </style>
    </head>
    <body>
    """
        .formatted(escape(title));
  }

  private static List<String> cells(SourceProof source) {
    return List.of(
        cell(DrillText.name(source), false),
        cell(source.kind(), false),
        cell(OsString.display(source.path()), false),
        cell(Sizes.bytes(source.bytes()), false),
        cell(DrillText.result(source), source.failure().isPresent()));
  }

  private static List<String> cells(CheckResult check) {
    return List.of(
        cell(check.name(), false),
        cell(check.kind(), false),
        cell(check.passed() ? "passed" : "FAILED", !check.passed()),
        cell(OsString.display(check.detail()), false));
  }

  private static String cell(String text, boolean bad) {
    return (bad ? "<td class=\"bad\">" : "<td>") + escape(text) + "</td>";
  }

  private static String table(List<String> headers, List<List<String>> rows) {
    String head =
        headers.stream().map(name -> "<th>" + escape(name) + "</th>").collect(Collectors.joining());
    return Stream.concat(Stream.of(head), rows.stream().map(row -> String.join("", row)))
        .map(row -> "<tr>" + row + "</tr>\n")
        .collect(Collectors.joining("", "<table>\n", "</table>\n"));
  }

  private static void row(StringBuilder page, String name, String value) {
    page.append(
        "<tr><th>%s</th><td>%s</td></tr>\n"
            .formatted(escape(name), escape(OsString.display(value))));
  }

  private static String list(List<String> texts) {
    return texts.stream()
        .map(text -> "<li>" + escape(OsString.display(text)) + "</li>\n")
        .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
