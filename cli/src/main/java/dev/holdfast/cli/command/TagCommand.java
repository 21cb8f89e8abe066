package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.rewrite.SnapshotReplacement;
import dev.holdfast.engine.rewrite.TagChange;
import dev.holdfast.repository.lock.LockMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "tag", description = "Change the tags of snapshots")
final class TagCommand implements Callable<Integer> {
  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Option(
      names = "--set",
      paramLabel = "TAG[,TAG...]",
      description = "put these in place of all tags")
  List<String> set = new ArrayList<>();

  @Option(names = "--add", paramLabel = "TAG[,TAG...]", description = "add these")
  List<String> add = new ArrayList<>();

  @Option(names = "--remove", paramLabel = "TAG[,TAG...]", description = "take these away")
  List<String> remove = new ArrayList<>();

  @Parameters(
      paramLabel = "SNAPSHOT",
      arity = "0..*",
      description = "ids, or latest (default: all that the options select)")
  List<String> names = new ArrayList<>();

  TagCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    TagChange change = TagChange.parse(set, add, remove);
    int changed = 0;
    try (RepositoryAccess access = filter.openToChange(session, LockMode.EXCLUSIVE, false)) {
      SnapshotReplacement replacement = new SnapshotReplacement(access.repository(), access.gate());
      List<SnapshotView> selected =
          new Snapshots(access.repository()).select(names, filter.filter(session.environment()));
      for (SnapshotView snapshot : selected) {
        Optional<SnapshotView> now = replacement.tag(snapshot, change);
        changed += now.isPresent() ? 1 : 0;
        now.ifPresent(saved -> tell(snapshot, saved));
      }
    }
    if (session.globals().json()) {
      session.console().line(Json.message("summary").field("changed_snapshots", changed).end());
    } else if (!session.globals().quiet()) {
      session
          .console()
          .line(changed == 0 ? "no snapshots were modified" : "modified " + changed + " snapshots");
    }
    return ExitCode.DONE;
  }

  private void tell(SnapshotView old, SnapshotView saved) {
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("changed")
                  .field("old_snapshot_id", old.id())
                  .field("new_snapshot_id", saved.id())
                  .end());
    } else if (session.globals().verbosity() > 1) {
      session.console().line("old snapshot ID: " + old.id() + " -> new snapshot ID: " + saved.id());
    }
  }
}
