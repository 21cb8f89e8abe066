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
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.retention.Forgetting;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.engine.retention.Verdict;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.prune.PruneOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "forget", description = "Remove snapshots that a policy does not keep")
final class ForgetCommand implements Callable<Integer> {
  private final Session session;

  @Mixin KeepOptions keep = new KeepOptions();

  @Mixin ForgetFilterOptions filter = new ForgetFilterOptions();

  @Option(
      names = {"-c", "--compact"},
      description = "one line for each snapshot")
  boolean compact;

  @Option(
      names = {"-g", "--group-by"},
      paramLabel = "GROUP",
      description = "group by host, paths, tags, separated by commas (default: host,paths)")
  String groupBy = "host,paths";

  @Option(
      names = {"-n", "--dry-run"},
      description = "say what would be removed, remove nothing")
  boolean dryRun;

  @Option(names = "--prune", description = "then remove the data that no snapshot needs any more")
  boolean prune;

  @Mixin PruneLimitOptions limits = new PruneLimitOptions();

  @Option(
      names = "--unsafe-allow-remove-all",
      description = "without a policy, remove everything that the filter selects")
  boolean removeAll;

  @Parameters(
      paramLabel = "SNAPSHOT",
      arity = "0..*",
      description = "remove these instead of applying a policy")
  List<String> names = new ArrayList<>();

  ForgetCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    GroupBy grouping = GroupBy.parse(groupBy);
    RetentionPolicy policy = keep.policy();
    PruneOptions pruning = limits.options(session.writerOptions());
    if (session.globals().noLock() && !dryRun) {
      throw new HoldfastException.Rejected(
          "--no-lock is for a dry run only: removing snapshots needs the lock",
          "add --dry-run, or leave --no-lock out");
    }
    Optional<LockMode> lock =
        session.globals().noLock() ? Optional.empty() : Optional.of(LockMode.EXCLUSIVE);
    try (RepositoryAccess access = session.open(lock)) {
      List<SnapshotView> selected = new Snapshots(access.repository()).select(names, filter());
      ForgetOutput output = new ForgetOutput(session, compact, dryRun);
      List<SnapshotView> removed =
          names.isEmpty() ? decide(selected, grouping, policy, drills(access), output) : selected;
      int status = remove(removed, access, output);
      if (!prune || removed.isEmpty() || status != ExitCode.DONE) {
        return status;
      }
      return new PruneRun(session, pruning, dryRun).run(access, dryRun ? removed : List.of());
    }
  }

  private SnapshotFilter filter() {
    return filter.filter(session.environment());
  }

  /// A record that cannot be read may be the one that keeps a snapshot.
  private static DrillRecords drills(RepositoryAccess access) {
    return DrillRecords.load(
        access.repository(),
        damaged -> {
          throw damaged;
        });
  }

  private List<SnapshotView> decide(
      List<SnapshotView> selected,
      GroupBy grouping,
      RetentionPolicy policy,
      DrillRecords drills,
      ForgetOutput output) {
    if (policy.rules().isEmpty()) {
      requirePermission();
    }
    output.policy(policy);
    List<SnapshotView> removed = new ArrayList<>();
    Instant now = session.clock().instant();
    for (Group group : SnapshotGroups.of(selected, grouping, 0)) {
      List<Verdict> verdicts = policy.decide(group.snapshots(), now, drills::isVerified);
      List<SnapshotView> leaving =
          verdicts.stream().filter(v -> !v.isKept()).map(Verdict::snapshot).toList();
      if (!policy.rules().isEmpty() && !leaving.isEmpty() && leaving.size() == verdicts.size()) {
        throw new HoldfastException.Rejected(
            "the policy would remove every snapshot of "
                + new SnapshotTable(session, compact).header(group).strip(),
            "add a rule that keeps at least one, such as --keep-last 1");
      }
      output.group(group, verdicts);
      removed.addAll(leaving);
    }
    return removed;
  }

  private void requirePermission() {
    if (!removeAll) {
      throw new HoldfastException.Rejected(
          "no policy was given, so nothing is removed", "say what to keep, such as --keep-daily 7");
    }
    if (filter().equals(SnapshotFilter.ALL)) {
      throw new HoldfastException.Rejected(
          "--unsafe-allow-remove-all needs a filter",
          "select by --host, --tag or --path what is to be removed");
    }
  }

  private int remove(List<SnapshotView> removed, RepositoryAccess access, ForgetOutput output) {
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
    if (failures.isEmpty()) {
      return ExitCode.DONE;
    }
    new Failure(
            ExitCode.DONE_IN_PART,
            failures.size() + " snapshots could not be removed",
            "the messages above name them; run the command again")
        .print(session.console(), session.globals().json());
    return ExitCode.DONE_IN_PART;
  }
}
