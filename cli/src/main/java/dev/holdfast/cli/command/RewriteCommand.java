package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.rewrite.RewriteObserver;
import dev.holdfast.engine.rewrite.RewriteRequest;
import dev.holdfast.engine.rewrite.SnapshotRewriter;
import dev.holdfast.repository.lock.LockMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rewrite",
    description = "Write snapshots anew without some of their content, or with other facts")
final class RewriteCommand implements Callable<Integer>, RewriteObserver {
  private final Session session;

  @Mixin ExcludeOptions excludes = new ExcludeOptions();

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Option(names = "--forget", description = "remove the old snapshots")
  boolean forget;

  @Option(
      names = {"-n", "--dry-run"},
      description = "say what would be done, change nothing")
  boolean dryRun;

  @Option(names = "--new-host", paramLabel = "HOST", description = "put another host in")
  @Nullable String newHost;

  @Option(
      names = "--new-time",
      paramLabel = "TIME",
      description = "put another time in, such as '2026-01-31 12:00:00'")
  @Nullable String newTime;

  @Option(
      names = {"-s", "--snapshot-summary"},
      description = "count files and bytes where a snapshot does not say")
  boolean summary;

  @Parameters(
      paramLabel = "SNAPSHOT",
      arity = "0..*",
      description = "ids, or latest (default: all that the options select)")
  List<String> names = new ArrayList<>();

  RewriteCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RewriteRequest request =
        new RewriteRequest(
            excludes.filters(session.environment()),
            Optional.ofNullable(newHost).filter(host -> !host.isEmpty()),
            Optional.ofNullable(newTime)
                .filter(time -> !time.isEmpty())
                .map(time -> TimeText.parse("--new-time", time, session.clock())),
            summary,
            forget,
            dryRun);
    LockMode mode = forget ? LockMode.EXCLUSIVE : LockMode.SHARED;
    try (RepositoryAccess access = filter.openToChange(session, mode, dryRun)) {
      List<SnapshotView> selected =
          new Snapshots(access.repository()).select(names, filter.filter(session.environment()));
      int changed =
          new SnapshotRewriter(
                  access.repository(),
                  request,
                  session.writerOptions().withGate(access.gate()),
                  this)
              .run(selected);
      sum(changed);
    }
    return ExitCode.DONE;
  }

  @Override
  public void unchanged(SnapshotView snapshot) {
    if (session.globals().verbosity() > 1) {
      text("\n" + SnapshotText.of(snapshot));
    }
  }

  @Override
  public void replaced(SnapshotView old, SnapshotView now, boolean removed) {
    if (session.globals().json()) {
      Json json = Json.message(dryRun ? "would_change" : "changed");
      json.field("old_snapshot_id", old.id());
      if (!dryRun) {
        json.field("new_snapshot_id", now.id());
      }
      session.console().line(json.field("removed", removed).end());
      return;
    }
    text("\n" + SnapshotText.of(old));
    text(dryRun ? "would save new snapshot" : "saved new snapshot " + now.shortId());
    if (removed) {
      text(dryRun ? "would remove old snapshot" : "removed old snapshot " + old.shortId());
    }
    if (newTime != null) {
      text((dryRun ? "would set" : "set") + " time to " + now.time());
    }
    if (newHost != null) {
      text((dryRun ? "would set" : "set") + " hostname to " + now.hostname());
    }
  }

  private void sum(int changed) {
    if (session.globals().json()) {
      session.console().line(Json.message("summary").field("changed_snapshots", changed).end());
      return;
    }
    text(
        changed == 0
            ? "\nno snapshots " + (dryRun ? "would be" : "were") + " modified"
            : "\n" + (dryRun ? "would modify " : "modified ") + changed + " snapshots");
  }

  private void text(String line) {
    if (!session.globals().json() && !session.globals().quiet()) {
      session.console().line(line);
    }
  }
}
