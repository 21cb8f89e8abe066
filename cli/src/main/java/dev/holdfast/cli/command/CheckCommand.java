package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.maintenance.CheckOptions;
import dev.holdfast.repository.maintenance.CheckReport;
import dev.holdfast.repository.maintenance.Checker;
import dev.holdfast.repository.maintenance.ReadData;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "check", description = "Look for damage in the repository, and say what it affects")
final class CheckCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--read-data", description = "read every byte, not only the structure")
  boolean readData;

  @Option(
      names = "--read-data-subset",
      paramLabel = "SUBSET",
      description = "read part n of t, as n/t; or a share, as 5%%; or a size, as 10G")
  @Nullable String subset;

  @Option(names = "--check-unused", hidden = true, description = "count blobs that nothing needs")
  boolean unused;

  @Option(names = "--with-cache", hidden = true, description = "accepted for restic's sake")
  boolean withCache;

  CheckCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CheckOptions options = CheckOptions.DEFAULT.withReadData(readData()).withCountUnused(unused);
    boolean locks = !session.globals().noLock();
    CheckOutput output = new CheckOutput(session);
    if (locks) {
      output.say("create exclusive lock for repository");
    }
    session.avoidCache(); // what is checked is the repository
    try (RepositoryAccess access = session.openForReading(LockMode.EXCLUSIVE)) {
      CheckReport report;
      try (output) {
        report = new Checker(access.repository(), new SecureRandom()).check(options, output);
      }
      output.finish(report);
      return status(report);
    }
  }

  private ReadData readData() {
    if (readData && subset != null) {
      throw new HoldfastException.Rejected(
          "--read-data and --read-data-subset were both given", "give one of them");
    }
    if (subset != null) {
      return ReadData.parse(subset);
    }
    return readData ? new ReadData.All() : new ReadData.None();
  }

  private int status(CheckReport report) {
    if (report.isHealthy()) {
      return ExitCode.DONE;
    }
    new Failure(
            ExitCode.FAILED,
            "the repository contains errors",
            "what is not named above can be restored; keep the repository as it is and restore"
                + " that first")
        .print(session.console(), session.globals().json());
    return ExitCode.FAILED;
  }
}
