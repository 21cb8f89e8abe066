package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Environment;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.config.App;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.lock.LockMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that choose among snapshots, with restic's meaning, but for the one that names
/// hosts: its short form is not the same everywhere.
abstract class NarrowingOptions {
  @Option(
      names = "--tag",
      paramLabel = "TAG[,TAG...]",
      description = "only snapshots with all of these tags; repeated: with all of any list")
  List<String> tags = new ArrayList<>();

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "only snapshots of this path, repeatable: of all of them")
  List<String> paths = new ArrayList<>();

  @Option(
      names = "--app",
      paramLabel = "APP",
      description = "only snapshots of this app of the configuration")
  @Nullable String app;

  /// Opens the repository to read it: that of the app that is named here, if no other is.
  final RepositoryAccess openForReading(Session session) {
    Optional<App> owner = useRepositoryOfApp(session);
    return CopiesKnown.open(session, owner, session::openForReading);
  }

  /// Opens the repository to change it, unless in a dry run: that of the app that is named here, if
  /// no other is.
  final RepositoryAccess openToChange(Session session, LockMode mode, boolean dryRun) {
    Optional<App> owner = useRepositoryOfApp(session);
    return CopiesKnown.open(session, owner, () -> session.openToChange(mode, dryRun));
  }

  private Optional<App> useRepositoryOfApp(Session session) {
    return app == null ? Optional.empty() : session.useRepositoryOf(app);
  }

  /// @param hosts as they were given; null if not at all
  final SnapshotFilter filter(@Nullable List<String> hosts, Environment environment) {
    List<String> wanted = hosts;
    if (wanted == null) {
      wanted = environment.setting("HOST").map(List::of).orElse(List.of());
    }
    if (wanted.equals(List.of(""))) {
      wanted = List.of();
    }
    SnapshotFilter filter =
        new SnapshotFilter(
            wanted, tags.stream().map(SnapshotFilterOptions.TagList::parse).toList(), paths);
    return app == null ? filter : AppSnapshots.of(app, filter);
  }
}
