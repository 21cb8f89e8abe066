package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.repair.Repairs;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.repair.IndexPlan;
import dev.holdfast.repository.repair.IndexRepair;
import dev.holdfast.repository.repair.Keepsake;
import dev.holdfast.repository.repair.PackRepair;
import dev.holdfast.repository.repair.SnapshotRepair;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "repair", description = "Mend a damaged repository; 'check' says which way")
final class RepairCommand {
  private final Session session;

  RepairCommand(Session session) {
    this.session = session;
  }

  private RepositoryAccess open(RepairOptions options) {
    return session.openToChange(LockMode.EXCLUSIVE, options.dryRun);
  }

  private Repairs repairs(RepositoryAccess access) {
    return new Repairs(access, session.writerOptions());
  }

  private void say(String line) {
    if (!session.globals().quiet()) {
      session.console().line(line);
    }
  }

  private int end(RepairOptions options) {
    if (options.dryRun) {
      return ExitCode.DONE;
    }
    say("nothing was changed");
    return ExitCode.DECLINED;
  }

  @Command(name = "index", description = "Make the index agree with the packs that are there")
  int index(
      @Mixin RepairOptions options,
      @Option(
              names = "--read-all-packs",
              description = "read the header of every pack, not only of suspicious ones")
          boolean readAllPacks) {
    try (RepositoryAccess access = open(options)) {
      IndexRepair repair = repairs(access).index();
      IndexPlan plan = repair.plan(readAllPacks);
      plan.lines().forEach(this::say);
      if (plan.isEmpty()) {
        say("the index is as good as it can be");
        return ExitCode.DONE;
      }
      if (!options.goesOn(session)) {
        return end(options);
      }
      Keepsake keepsake = options.keepsake(session);
      repair.execute(keepsake);
      RepairOptions.sayKept(session, keepsake);
      say("done");
      return ExitCode.DONE;
    }
  }

  @Command(name = "packs", description = "Save what can be read of damaged packs into new ones")
  int packs(
      @Mixin RepairOptions options,
      @Parameters(paramLabel = "PACK", arity = "1..*", description = "ids of damaged packs")
          List<String> names) {
    try (RepositoryAccess access = open(options)) {
      Repairs repairs = repairs(access);
      int lost = 0;
      for (PackRepair.Salvage salvage : repairs.planPacks(names)) {
        say(salvage.line());
        lost += salvage.lost().size();
      }
      if (!options.goesOn(session)) {
        return end(options);
      }
      Keepsake keepsake = options.keepsake(session);
      repairs.repairPacks(keepsake);
      RepairOptions.sayKept(session, keepsake);
      if (lost > 0) {
        say(
            "what still exists is healed by the next backup of it; 'holdfast repair snapshots"
                + " --forget' then gives up what is lost");
      }
      say("done");
      return ExitCode.DONE;
    }
  }

  /// What is given up, and of which snapshots.
  static final class SnapshotOptions {
    @Option(names = "--forget", description = "remove snapshots that got a successor")
    boolean forget;

    @Mixin ForgetFilterOptions filter = new ForgetFilterOptions();

    @Parameters(
        paramLabel = "SNAPSHOT",
        arity = "0..*",
        description = "only these (default: all that the filter selects)")
    List<String> names = new ArrayList<>();
  }

  @Command(
      name = "snapshots",
      description = "Leave what is lost out of snapshots; run 'repair index' before")
  int snapshots(@Mixin RepairOptions options, @Mixin SnapshotOptions which) {
    try (RepositoryAccess access =
        which.filter.openToChange(session, LockMode.EXCLUSIVE, options.dryRun)) {
      Repairs repairs = repairs(access);
      List<String> damaged = repairs.unreadableSnapshots();
      List<String> unreadable = named(damaged, which);
      List<String> left = which.names.isEmpty() ? damaged : List.of();
      List<String> readable =
          which.names.stream().filter(name -> !isOneOf(unreadable, name)).toList();
      List<SnapshotView> selected =
          which.names.isEmpty() || !readable.isEmpty()
              ? new Snapshots(access.repository())
                  .select(readable, which.filter.filter(session.environment()), this::passOver)
              : List.of();
      List<SnapshotRepair.Plan> plans =
          repairs.planSnapshots(selected).stream().filter(SnapshotRepair.Plan::isDamaged).toList();
      plans.forEach(plan -> show(plan, which.forget));
      unreadable.forEach(id -> say("remove snapshot " + id + ", which cannot be read"));
      if (plans.isEmpty() && unreadable.isEmpty()) {
        say("no snapshots " + (options.dryRun ? "would be" : "were") + " modified");
        return endBeside(left, ExitCode.DONE);
      }
      if (!options.goesOn(session)) {
        return endBeside(left, end(options));
      }
      Keepsake keepsake = options.keepsake(session);
      int changed =
          repairs.repairSnapshots(plans, which.forget, keepsake)
              + repairs.removeUnreadable(unreadable, keepsake);
      RepairOptions.sayKept(session, keepsake);
      say("modified " + changed + " snapshots");
      return endBeside(left, ExitCode.DONE);
    }
  }

  /// Names what could not even be looked at; that is not all of the work then.
  private int endBeside(List<String> left, int status) {
    if (left.isEmpty() || status != ExitCode.DONE) {
      return status;
    }
    new Failure(
            ExitCode.DONE_IN_PART,
            left.size() == 1
                ? "snapshot " + left.getFirst() + " cannot be read"
                : "snapshots " + String.join(", ", left) + " cannot be read",
            "'holdfast repair snapshots --forget %s' gives them up"
                .formatted(String.join(" ", left)))
        .print(session.console(), session.globals().json());
    return ExitCode.DONE_IN_PART;
  }

  /// Snapshot files that cannot be read and are to be removed: only those that are named, with
  /// --forget.
  private static List<String> named(List<String> found, SnapshotOptions which) {
    List<String> named =
        found.stream()
            .filter(id -> which.names.stream().anyMatch(name -> isSame(id, name)))
            .toList();
    if (!named.isEmpty() && !which.forget) {
      throw new HoldfastException.Corrupt(
          "snapshot " + named.getFirst() + " cannot be read",
          "'holdfast repair snapshots --forget " + named.getFirst() + "' gives it up",
          null);
    }
    return named;
  }

  private static boolean isOneOf(List<String> ids, String name) {
    return ids.stream().anyMatch(id -> isSame(id, name));
  }

  private static boolean isSame(String shortId, String name) {
    return name.startsWith(shortId) || shortId.startsWith(name);
  }

  private void passOver(HoldfastException cause) {
    session.notice("left out: " + cause.getMessage());
  }

  private void show(SnapshotRepair.Plan plan, boolean forget) {
    say(
        "snapshot "
            + new SnapshotView(plan.snapshot()).shortId()
            + (plan.root().isEmpty()
                ? forget ? ": remove, nothing of it can be read" : ": nothing of it can be read"
                : forget ? ": replace" : ": add a repaired one"));
    plan.changes().forEach(change -> say("  " + OsString.display(change)));
  }
}
