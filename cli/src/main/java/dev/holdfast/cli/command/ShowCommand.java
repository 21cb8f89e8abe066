package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description =
        "Say what is in a snapshot, what is promised of it, and what changed since the one before")
final class ShowCommand implements Callable<Integer> {
  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Parameters(
      paramLabel = "SNAPSHOT",
      arity = "0..1",
      defaultValue = "latest",
      description = "id, or latest (the default)")
  String name = "latest";

  ShowCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    try (RepositoryAccess access = filter.openForReading(session)) {
      SnapshotView snapshot =
          new Snapshots(access.repository())
              .find(name, filter.filter(session.environment()))
              .snapshot();
      AppSnapshots apps = new AppSnapshots(access.repository());
      Manifest manifest =
          apps.manifest(snapshot)
              .orElseThrow(() ->
                  new HoldfastException.NotFound(
                      snapshot + " has no manifest: it holds plain files, or is another program's",
                      "'holdfast ls " + snapshot.shortId() + "' lists what is in it"));
      Optional<SnapshotView> before = apps.before(snapshot);
      Optional<Manifest> manifestBefore = before.flatMap(apps::manifest);
      ShownSnapshot shown =
          new ShownSnapshot(
              snapshot, manifest, before, manifestBefore, drills(access).last(snapshot));
      if (session.globals().json()) {
        session.console().line(ShowJson.of(shown));
      } else {
        session.console().text(new ShowText(session.clock().getZone()).of(shown));
      }
    }
    return ExitCode.DONE;
  }

  private DrillRecords drills(RepositoryAccess access) {
    return DrillRecords.load(
        access.repository(),
        damaged -> session.console().errorLine("holdfast: " + damaged.getMessage()));
  }
}
