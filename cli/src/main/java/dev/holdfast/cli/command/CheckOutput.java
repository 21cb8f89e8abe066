package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.maintenance.CheckEvent;
import dev.holdfast.repository.maintenance.CheckReport;
import dev.holdfast.repository.maintenance.Effect;
import dev.holdfast.repository.maintenance.Finding;
import dev.holdfast.repository.maintenance.RepairAdvice;
import dev.holdfast.repository.maintenance.Severity;
import dev.holdfast.repository.store.ObjectType;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Shows a check: its stages, what it finds at once, and what that affects at the end. Thread-safe.
final class CheckOutput implements Consumer<CheckEvent>, AutoCloseable {
  private static final int MORE = 2;
  private static final int SHORT_ID_DIGITS = 8;
  private static final String PACK = "pack ";

  private final Session session;
  private final boolean json;
  private final StageProgress progress;

  CheckOutput(Session session) {
    this.session = session;
    this.json = session.globals().json();
    this.progress = new StageProgress(session);
  }

  /// Prints a line for people.
  void say(String line) {
    progress.say(line);
  }

  @Override
  public void accept(CheckEvent event) {
    switch (event) {
      case CheckEvent.Began began -> {
        progress.begin(began.total(), began.stage().name().toLowerCase(Locale.ROOT));
        announce(began.stage());
      }
      case CheckEvent.Advanced one -> progress.advance();
      case CheckEvent.Found found -> found(found.finding());
    }
  }

  private void announce(CheckEvent.Stage next) {
    switch (next) {
      case FILES, EFFECTS -> {}
      case INDEX -> say("load indexes");
      case PACKS -> say("check all packs");
      case SNAPSHOTS -> say("check snapshots, trees and blobs");
      case TREES -> {}
      case DATA -> say("read data");
    }
  }

  private void found(Finding finding) {
    String sentence = finding.thing() + " " + finding.message();
    switch (finding.severity()) {
      case ERROR ->
          session
              .console()
              .errorLine(
                  json
                      ? Json.message("error").field("message", sentence).end()
                      : "error: " + sentence);
      case HINT -> {
        if (!json && session.globals().verbosity() >= MORE) {
          session.console().line("hint: " + sentence);
        }
      }
    }
  }

  /// Says what the check came to.
  void finish(CheckReport report) {
    if (json) {
      List<String> packs =
          report.findings().stream()
              .map(CheckReport.Entry::finding)
              .filter(CheckOutput::isBrokenPack)
              .map(f -> Json.quote(f.thing().substring(PACK.length())))
              .distinct()
              .toList();
      Json summary =
          Json.message("summary")
              .field("num_errors", report.errors())
              .raw("broken_packs", packs.isEmpty() ? "null" : Json.array(packs))
              .field("suggest_repair_index", suggestsRepairOfIndex(report))
              .field("suggest_prune", hasAny(report, Finding.PackNotIndexed.class));
      if (!report.isHealthy()) {
        summary.raw("repair", steps(report));
      }
      session.console().line(summary.end());
      return;
    }
    report.findings().forEach(this::explain);
    if (hasAny(report, Finding.PackNotIndexed.class) && report.isHealthy()) {
      say("packs were found that no index names; they take space and do no harm");
    }
    if (report.isHealthy()) {
      say("no errors were found");
    } else {
      advise(RepairAdvice.of(report));
    }
  }

  private static boolean isBrokenPack(Finding finding) {
    return finding instanceof Finding.PackMissing
        || finding instanceof Finding.PackDamaged
        || finding instanceof Finding.PackLengthWrong;
  }

  private static boolean suggestsRepairOfIndex(CheckReport report) {
    return hasAny(report, Finding.PackIndexedTwice.class)
        || report.findings().stream()
            .map(CheckReport.Entry::finding)
            .anyMatch(finding ->
                finding instanceof Finding.FileDamaged damaged
                    && damaged.file().type() == ObjectType.INDEX);
  }

  /// The way to a sound repository, for programs.
  private static String steps(CheckReport report) {
    return Json.array(
        RepairAdvice.of(report).stream().map(step -> Json.quote(step.command())).toList());
  }

  private void advise(List<RepairAdvice.Step> steps) {
    if (!steps.isEmpty()) {
      say("the way to repair it, when what can be restored is restored:");
    }
    for (RepairAdvice.Step step : steps) {
      say("  holdfast " + step.command());
      say("      " + step.reason());
    }
  }

  private static boolean hasAny(CheckReport report, Class<? extends Finding> kind) {
    return report.findings().stream().anyMatch(entry -> kind.isInstance(entry.finding()));
  }

  /// What a finding means to whoever wants the data back.
  private void explain(CheckReport.Entry entry) {
    Effect effect = entry.effect();
    if (effect.isNone() || entry.finding().severity() != Severity.ERROR) {
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append(entry.finding().thing())
        .append(effect.complete() ? " affects " : " affects at least ")
        .append(effect.snapshotCount())
        .append(" snapshots:");
    for (Object id : effect.snapshots()) {
      text.append(' ').append(id.toString(), 0, SHORT_ID_DIGITS);
    }
    text.append(effect.snapshotCount() > effect.snapshots().size() ? " ..." : "");
    for (String path : effect.paths()) {
      text.append("\n  ").append(OsString.display(path));
    }
    if (effect.pathCount() > effect.paths().size()) {
      text.append("\n  and ").append(effect.pathCount() - effect.paths().size()).append(" more");
    }
    session.console().errorLine(text.toString());
  }

  /// Ends the display of progress.
  @Override
  public void close() {
    progress.close();
  }
}
