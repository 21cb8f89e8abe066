package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.prune.PruneOptions;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "prune", description = "Remove the data that no snapshot needs")
final class PruneCommand implements Callable<Integer> {
  private final Session session;

  @Mixin PruneLimitOptions limits = new PruneLimitOptions();

  @Option(
      names = {"-n", "--dry-run"},
      description = "say what would be done, do nothing")
  boolean dryRun;

  @Option(names = "--unsafe-recover-no-free-space", paramLabel = "ID", hidden = true)
  @Nullable String unsafeRecovery;

  PruneCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    PruneOptions options = limits.options(session.writerOptions());
    if (unsafeRecovery != null) {
      throw new HoldfastException.Rejected(
          "--unsafe-recover-no-free-space deletes the index before it writes another: not here",
          "'holdfast prune --max-repack-size 0' deletes packs that no index names first, and then"
              + " needs a few megabytes for the new index");
    }
    if (session.globals().noLock() && !dryRun) {
      throw new HoldfastException.Rejected(
          "--no-lock is for a dry run only: removing data needs the lock",
          "add --dry-run, or leave --no-lock out");
    }
    try (RepositoryAccess access = session.openToChange(LockMode.EXCLUSIVE, dryRun)) {
      return new PruneRun(session, options, dryRun).run(access, List.of());
    }
  }
}
