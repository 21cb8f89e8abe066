package dev.holdfast.engine.drill;

import dev.holdfast.engine.drill.DrillReport.CheckResult;
import dev.holdfast.engine.drill.DrillReport.Drilled;
import dev.holdfast.engine.drill.DrillReport.SourceProof;
import dev.holdfast.engine.drill.DrillReport.Times;
import dev.holdfast.engine.json.JsonFields;
import dev.holdfast.engine.json.JsonOrigin;
import dev.holdfast.engine.json.JsonTree;
import dev.holdfast.repository.error.HoldfastException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// A report as one line of JSON: what a record holds, and `--json` prints. Fields that a later
/// version adds are passed over.
public final class ReportCodec {
  private static final JsonOrigin ORIGIN = new JsonOrigin("the record of a drill");

  private ReportCodec() {}

  /// The line.
  public static String encode(DrillReport report) {
    return JsonTree.line(object(report));
  }

  private static Map<String, Object> object(DrillReport report) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("id", report.id());
    out.put("app", report.app());
    out.put("passed", report.passed());
    out.put("snapshot", snapshot(report.snapshot()));
    out.put("repository", report.repository());
    out.put("host", report.host());
    out.put("program", report.program());
    out.put("start", report.start().toString());
    out.put("end", report.end().toString());
    out.put("bytes", report.bytes());
    out.put("times", times(report.times()));
    out.put("sources", report.sources().stream().map(ReportCodec::source).toList());
    out.put("checks", report.checks().stream().map(ReportCodec::check).toList());
    out.put("reasons", report.reasons());
    out.put("notes", report.notes());
    return out;
  }

  private static Map<String, Object> snapshot(Drilled snapshot) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("id", snapshot.id());
    out.put("tree", snapshot.tree());
    out.put("time", snapshot.time().toString());
    out.put("host", snapshot.host());
    return out;
  }

  private static Map<String, Object> times(Times times) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("stage_millis", times.stage().toMillis());
    out.put("verify_millis", times.verify().toMillis());
    out.put("check_millis", times.check().toMillis());
    out.put("restore_point_millis", times.restorePoint().toMillis());
    out.put("to_data_millis", times.toData().toMillis());
    out.put("to_service_millis", times.toService().toMillis());
    return out;
  }

  private static Map<String, Object> source(SourceProof source) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", source.name());
    out.put("kind", source.kind());
    out.put("path", source.path());
    out.put("bindings", source.bindings());
    out.put("bytes", source.bytes());
    source.rows().ifPresent(rows -> out.put("rows", rows));
    out.put("proven", source.failure().isEmpty());
    source.failure().ifPresent(failure -> out.put("failure", failure));
    out.put("proof", source.proof());
    return out;
  }

  private static Map<String, Object> check(CheckResult check) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", check.name());
    out.put("kind", check.kind());
    out.put("passed", check.passed());
    out.put("detail", check.detail());
    return out;
  }

  /// The report of such a line.
  ///
  /// @throws HoldfastException.Corrupt if it is none
  static DrillReport decode(String line) {
    try {
      JsonFields in = JsonTree.read(ORIGIN, line);
      JsonFields snapshot = in.object("snapshot");
      return new DrillReport(
          in.text("id"),
          in.text("program"),
          in.text("app"),
          new Drilled(
              snapshot.text("id"),
              snapshot.text("tree"),
              Instant.parse(snapshot.text("time")),
              snapshot.text("host")),
          in.text("repository"),
          in.text("host"),
          Instant.parse(in.text("start")),
          Instant.parse(in.text("end")),
          in.objects("sources").stream().map(ReportCodec::source).toList(),
          in.objects("checks").stream().map(ReportCodec::check).toList(),
          times(in.object("times")),
          reasons(in),
          in.texts("notes"));
    } catch (DateTimeException e) {
      throw new HoldfastException.Corrupt("the record of a drill is damaged: " + e.getMessage(), e);
    }
  }

  private static List<String> reasons(JsonFields in) {
    List<String> reasons = in.texts("reasons");
    if (in.truth("passed") != reasons.isEmpty()) {
      throw ORIGIN.damaged("'passed' and 'reasons' disagree");
    }
    return reasons;
  }

  private static Times times(JsonFields in) {
    return new Times(
        Duration.ofMillis(in.number("stage_millis")),
        Duration.ofMillis(in.number("verify_millis")),
        Duration.ofMillis(in.number("check_millis")),
        Duration.ofMillis(in.number("restore_point_millis")));
  }

  private static SourceProof source(JsonFields in) {
    return new SourceProof(
        in.text("name"),
        in.text("kind"),
        in.text("path"),
        in.textMap("bindings"),
        in.number("bytes"),
        in.map().containsKey("rows") ? OptionalLong.of(in.number("rows")) : OptionalLong.empty(),
        in.optional("failure"),
        in.text("proof"));
  }

  private static CheckResult check(JsonFields in) {
    return new CheckResult(in.text("name"), in.text("kind"), in.truth("passed"), in.text("detail"));
  }
}
