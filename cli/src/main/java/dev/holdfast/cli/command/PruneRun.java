package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.retention.Pruning;
import dev.holdfast.repository.maintenance.RetentionExtension;
import dev.holdfast.repository.prune.PruneOptions;
import dev.holdfast.repository.prune.PrunePlan;
import dev.holdfast.repository.prune.PruneResult;
import java.util.List;

/// One prune from plan to end, for `prune` and `forget --prune`.
final class PruneRun {
  private final Session session;
  private final PruneOptions options;
  private final boolean dryRun;

  PruneRun(Session session, PruneOptions options, boolean dryRun) {
    this.session = session;
    this.options = options;
    this.dryRun = dryRun;
  }

  /// Runs it and returns the exit status.
  ///
  /// @param ignored snapshots that are taken for removed already
  int run(RepositoryAccess access, List<SnapshotView> ignored) {
    try (PruneOutput output = new PruneOutput(session)) {
      Pruning pruning = new Pruning(access, options, session.writerOptions(), output);
      PrunePlan plan = pruning.plan(ignored);
      output.plan(plan, dryRun);
      if (dryRun) {
        return ExitCode.DONE;
      }
      PruneResult result = pruning.execute();
      output.done(result);
      RetentionExtension.extend(access.repository());
      return status(result);
    }
  }

  private int status(PruneResult result) {
    if (result.undeletedPacks() == 0) {
      return ExitCode.DONE;
    }
    new Failure(
            ExitCode.DONE_IN_PART,
            result.undeletedPacks() + " packs that nothing needs could not be deleted",
            "the messages above name them; the next prune tries again")
        .print(session.console(), session.globals().json());
    return ExitCode.DONE_IN_PART;
  }
}
