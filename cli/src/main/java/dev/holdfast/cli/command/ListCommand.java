package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.RawObjects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "List the ids of the repository's objects")
final class ListCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "KIND", description = "blobs, packs, index, snapshots, keys or locks")
  String kind = "";

  ListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    boolean blobs = kind.equals("blobs");
    if (!blobs) {
      RawObjects.type(kind);
    }
    try (RepositoryAccess access =
        kind.equals("locks") ? session.open(Optional.empty()) : session.openForReading()) {
      RawObjects objects = new RawObjects(access.repository());
      if (blobs) {
        objects.forEachBlob(session.console()::line);
      } else {
        objects.ids(RawObjects.type(kind)).forEach(session.console()::line);
      }
    }
    return ExitCode.DONE;
  }
}
