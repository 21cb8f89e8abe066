package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.FromRepositoryOptions;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.rewrite.Copying;
import dev.holdfast.repository.copy.CopyResult;
import dev.holdfast.repository.lock.LockMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "copy", description = "Copy snapshots from another repository")
final class CopyCommand implements Callable<Integer> {
  private final Session session;

  @Mixin FromRepositoryOptions from = new FromRepositoryOptions();

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Parameters(
      paramLabel = "SNAPSHOT",
      arity = "0..*",
      description = "ids, or latest (default: all that the options select)")
  List<String> names = new ArrayList<>();

  CopyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (RepositoryAccess source = from.open(session, Session::openForReading);
        RepositoryAccess target = session.open(Optional.of(LockMode.SHARED))) {
      List<SnapshotView> selected =
          new Snapshots(source.repository()).select(names, filter.filter(session.environment()));
      CopyOutput output = new CopyOutput(session);
      Purged purged = Purged.copying(source.repository(), target.repository());
      CopyResult result =
          new Copying(
                  source.repository(),
                  target.repository(),
                  session.writerOptions().withGate(target.gate()),
                  session.clock())
              .copy(selected, output, purged::objection);
      output.summary(result);
      return result.refused() == 0 ? ExitCode.DONE : ExitCode.DONE_IN_PART;
    }
  }
}
