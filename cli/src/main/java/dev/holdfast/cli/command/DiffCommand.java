package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.Difference;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.repository.SnapshotFilter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "diff", description = "Show what changed between two snapshots")
final class DiffCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--metadata", description = "show changes of metadata, too")
  boolean metadata;

  @Parameters(index = "0", paramLabel = "SNAPSHOT[:PATH]", description = "the snapshot before")
  String from = "";

  @Parameters(index = "1", paramLabel = "SNAPSHOT[:PATH]", description = "the snapshot after")
  String to = "";

  DiffCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (RepositoryAccess access = session.openForReading()) {
      Snapshots snapshots = new Snapshots(access.repository());
      SnapshotPath before = snapshots.find(from, SnapshotFilter.ALL);
      SnapshotPath after = snapshots.find(to, SnapshotFilter.ALL);
      if (!session.globals().json() && !session.globals().quiet()) {
        session
            .console()
            .text(
                "comparing snapshot %s to %s:\n\n"
                    .formatted(before.snapshot().shortId(), after.snapshot().shortId()));
      }
      boolean[] failed = new boolean[1];
      Difference difference =
          new Difference(
              access.repository(),
              metadata,
              this::change,
              problem -> {
                failed[0] = true;
                session.console().errorLine("error: " + problem);
              });
      difference.run(before, after);
      summary(difference);
      return failed[0] ? ExitCode.FAILED : ExitCode.DONE;
    }
  }

  private void change(String path, String letters) {
    if (session.globals().quiet()) {
      return;
    }
    session
        .console()
        .line(
            session.globals().json()
                ? Json.message("change").field("path", path).field("modifier", letters).end()
                : "%-5s%s".formatted(letters, path));
  }

  private void summary(Difference difference) {
    Difference.Counts added = difference.added();
    Difference.Counts removed = difference.removed();
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("statistics")
                  .field("source_snapshot", from)
                  .field("target_snapshot", to)
                  .field("changed_files", difference.changedFiles())
                  .raw("added", json(added))
                  .raw("removed", json(removed))
                  .end());
      return;
    }
    session
        .console()
        .text(
            """

            Files:       %5d new, %5d removed, %5d changed
            Dirs:        %5d new, %5d removed
            Others:      %5d new, %5d removed
            Data Blobs:  %5d new, %5d removed
            Tree Blobs:  %5d new, %5d removed
              Added:   %-5s
              Removed: %-5s
            """
                .formatted(
                    added.files(),
                    removed.files(),
                    difference.changedFiles(),
                    added.dirs(),
                    removed.dirs(),
                    added.others(),
                    removed.others(),
                    added.dataBlobs(),
                    removed.dataBlobs(),
                    added.treeBlobs(),
                    removed.treeBlobs(),
                    Sizes.bytes(added.bytes()),
                    Sizes.bytes(removed.bytes())));
  }

  private static String json(Difference.Counts counts) {
    return Json.object()
        .field("files", counts.files())
        .field("dirs", counts.dirs())
        .field("others", counts.others())
        .field("data_blobs", counts.dataBlobs())
        .field("tree_blobs", counts.treeBlobs())
        .field("bytes", counts.bytes())
        .end();
  }
}
