package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.repair.Repairs;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.maintenance.CheckOptions;
import dev.holdfast.repository.maintenance.CheckReport;
import dev.holdfast.repository.maintenance.Checker;
import dev.holdfast.repository.repair.FormatUpgrade;
import dev.holdfast.repository.repair.Keepsake;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "migrate",
    description = "Bring the repository to a newer version of the format; lists what is possible")
final class MigrateCommand implements Callable<Integer> {
  private final Session session;

  @Mixin RepairOptions options = new RepairOptions();

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "migrations to apply")
  List<String> names = new ArrayList<>();

  MigrateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    for (String name : names) {
      if (!name.equals(FormatUpgrade.NAME)) {
        throw new HoldfastException.Rejected(
            "there is no migration '" + name + "'", "'holdfast migrate' lists those there are");
      }
    }
    try (RepositoryAccess access = open()) {
      FormatUpgrade upgrade = new Repairs(access, session.writerOptions()).upgrade();
      if (names.isEmpty()) {
        return list(upgrade);
      }
      return apply(access, upgrade);
    }
  }

  /// Listing what is possible changes nothing, as a dry run.
  private RepositoryAccess open() {
    return session.openToChange(LockMode.EXCLUSIVE, options.dryRun || names.isEmpty());
  }

  private int list(FormatUpgrade upgrade) {
    say("available migrations:");
    say(
        upgrade.objection().isEmpty()
            ? "  " + FormatUpgrade.NAME + "\tupgrade a repository to version 2"
            : "no migrations found");
    return ExitCode.DONE;
  }

  private int apply(RepositoryAccess access, FormatUpgrade upgrade) {
    upgrade
        .objection()
        .ifPresent(reason -> {
          throw new HoldfastException.Rejected(
              "migration " + FormatUpgrade.NAME + " cannot be applied: " + reason, "");
        });
    say("checking repository integrity...");
    CheckReport report =
        new Checker(access.repository(), new SecureRandom())
            .check(CheckOptions.DEFAULT, event -> {});
    if (!report.isHealthy()) {
      new Failure(
              ExitCode.FAILED,
              "the repository contains errors, so it was not changed",
              "'holdfast check' names them and the way to repair them")
          .print(session.console(), session.globals().json());
      return ExitCode.FAILED;
    }
    if (!options.goesOn(session)) {
      return options.dryRun ? ExitCode.DONE : ExitCode.DECLINED;
    }
    say("applying migration " + FormatUpgrade.NAME + "...");
    Keepsake keepsake = options.keepsake(session);
    upgrade.apply(keepsake);
    RepairOptions.sayKept(session, keepsake);
    say("migration " + FormatUpgrade.NAME + ": success");
    return ExitCode.DONE;
  }

  private void say(String line) {
    if (!session.globals().quiet()) {
      session.console().line(line);
    }
  }
}
