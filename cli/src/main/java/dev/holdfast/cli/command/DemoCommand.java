package dev.holdfast.cli.command;

import dev.holdfast.cli.demo.Demonstration;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = "Back up a database that is being written to, lose it, and get it back")
final class DemoCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--keep", description = "leave the demonstration's folder for a closer look")
  boolean keep;

  DemoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    Path folder = makeFolder();
    try {
      boolean good = new Demonstration(session.console(), session::runProgram, folder).run();
      if (keep) {
        session
            .console()
            .text(
                """
                Everything is in %1$s. The same repository with the stock restic:
                $ restic --repo %1$s/repository --password-file %1$s/password check --read-data
                """
                    .formatted(folder));
      }
      return good ? ExitCode.DONE : ExitCode.FAILED;
    } finally {
      if (!keep) {
        delete(folder);
      }
    }
  }

  private static Path makeFolder() {
    try {
      return Files.createTempDirectory("holdfast-demo");
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "no folder can be made for the demonstration: " + Reason.of(e),
          "point TMPDIR to a folder that can be written to",
          e);
    }
  }

  private void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      session
          .console()
          .errorLine("holdfast: " + OsString.display(folder.toString()) + " could not be removed");
    }
  }
}
