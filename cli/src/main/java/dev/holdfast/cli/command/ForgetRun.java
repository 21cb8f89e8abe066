package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.query.SnapshotGroups;
import dev.holdfast.engine.query.SnapshotGroups.Group;
import dev.holdfast.engine.query.SnapshotGroups.GroupBy;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.retention.Forgetting;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.engine.retention.Verdict;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.prune.PruneOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `forget` does in one repository: decides, removes, and prunes.
final class ForgetRun {
  private final Session session;
  private final ForgetOutput output;
  private final boolean dryRun;
  private final Optional<PruneOptions> pruning;

  /// @param pruning empty: nothing is pruned
  ForgetRun(Session session, ForgetOutput output, boolean dryRun, Optional<PruneOptions> pruning) {
    this.session = session;
    this.output = output;
    this.dryRun = dryRun;
    this.pruning = pruning;
  }

  /// Opens the repository with the lock that is needed.
  RepositoryAccess open() {
    if (session.globals().noLock() && !dryRun) {
      throw new HoldfastException.Rejected(
          "--no-lock is for a dry run only: removing snapshots needs the lock",
          "add --dry-run, or leave --no-lock out");
    }
    return session.openToChange(LockMode.EXCLUSIVE, dryRun);
  }

  /// What the policy does not keep.
  ///
  /// @param mayEmpty whether a group may be left without any snapshot
  List<SnapshotView> decide(
      RepositoryAccess access,
      List<SnapshotView> selected,
      GroupBy grouping,
      RetentionPolicy policy,
      boolean mayEmpty) {
    output.policy(policy);
    DrillRecords drills = drills(access);
    List<SnapshotView> removed = new ArrayList<>();
    Instant now = session.clock().instant();
    for (Group group : SnapshotGroups.of(selected, grouping, 0)) {
      List<Verdict> verdicts = policy.decide(group.snapshots(), now, drills::isVerified);
      List<SnapshotView> leaving =
          verdicts.stream().filter(v -> !v.isKept()).map(Verdict::snapshot).toList();
      if (!mayEmpty && !leaving.isEmpty() && leaving.size() == verdicts.size()) {
        throw new HoldfastException.Rejected(
            "the policy would remove every snapshot of " + output.name(group),
            "add a rule that keeps at least one, such as --keep-last 1");
      }
      output.group(group, verdicts);
      removed.addAll(leaving);
    }
    return removed;
  }

  /// A record that cannot be read may be the one that keeps a snapshot.
  static DrillRecords drills(RepositoryAccess access) {
    return DrillRecords.load(
        access.repository(),
        damaged -> {
          throw damaged;
        });
  }

  /// Removes them, prunes if that was asked for, and gives the exit status.
  int remove(List<SnapshotView> removed, RepositoryAccess access) {
    output.removing(removed);
    List<Forgetting.Failure> failures =
        dryRun ? List.of() : new Forgetting(access.repository()).remove(removed);
    output.end();
    for (Forgetting.Failure failure : failures) {
      session
          .console()
          .errorLine(
              "holdfast: %s was not removed: %s"
                  .formatted(failure.snapshot(), failure.cause().getMessage()));
    }
    if (!failures.isEmpty()) {
      new Failure(
              ExitCode.DONE_IN_PART,
              failures.size() + " snapshots could not be removed",
              "the messages above name them; run the command again")
          .print(session.console(), session.globals().json());
      return ExitCode.DONE_IN_PART;
    }
    if (pruning.isEmpty() || removed.isEmpty()) {
      return ExitCode.DONE;
    }
    return new PruneRun(session, pruning.get(), dryRun).run(access, dryRun ? removed : List.of());
  }
}
