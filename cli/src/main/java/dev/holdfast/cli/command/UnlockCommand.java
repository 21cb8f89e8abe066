package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "unlock", description = "Remove locks that other processes left behind")
final class UnlockCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--remove-all", description = "remove all locks, those in use included")
  boolean all;

  UnlockCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (RepositoryAccess access = session.open(Optional.empty())) {
      int removed = access.unlock(all, session::notice);
      if (removed > 0 && !session.globals().json() && !session.globals().quiet()) {
        session.console().line("successfully removed " + removed + " locks");
      }
    }
    return ExitCode.DONE;
  }
}
