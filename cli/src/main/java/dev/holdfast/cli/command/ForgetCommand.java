package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.query.SnapshotGroups.GroupBy;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.prune.PruneOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "forget", description = "Remove snapshots that a policy does not keep")
final class ForgetCommand implements Callable<Integer> {
  /// What can be a snapshot is none of the apps, whatever they are called.
  private static final Pattern SNAPSHOT = Pattern.compile("latest(~.*)?|[0-9a-fA-F]{1,64}");

  private final Session session;

  @Mixin KeepOptions keep = new KeepOptions();

  @Mixin ForgetFilterOptions filter = new ForgetFilterOptions();

  @Option(
      names = {"-c", "--compact"},
      description = "one line for each snapshot")
  boolean compact;

  @Option(
      names = {"-g", "--group-by"},
      paramLabel = "GROUP",
      description =
          "group by host, paths, tags, separated by commas (default: host,paths; of apps: host)")
  @Nullable String groupBy;

  @Option(
      names = {"-n", "--dry-run"},
      description = "say what would be removed, remove nothing")
  boolean dryRun;

  @Option(names = "--prune", description = "then remove the data that no snapshot needs any more")
  boolean prune;

  @Mixin PruneLimitOptions limits = new PruneLimitOptions();

  @Option(
      names = "--unsafe-allow-remove-all",
      description = "without a policy, remove everything that the filter selects")
  boolean removeAll;

  @Parameters(
      paramLabel = "SNAPSHOT|APP",
      arity = "0..*",
      description =
          "remove these snapshots instead of applying a policy; or apply what the configuration"
              + " says of an app to each of its repositories")
  List<String> names = new ArrayList<>();

  ForgetCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<App> apps = apps();
    if (!apps.isEmpty()) {
      return forget(apps);
    }
    GroupBy grouping = GroupBy.parse(groupBy == null ? "host,paths" : groupBy);
    RetentionPolicy policy = keep.policy();
    ForgetRun run = run(session, Optional.empty());
    try (RepositoryAccess access = run.open()) {
      List<SnapshotView> selected = new Snapshots(access.repository()).select(names, filter());
      if (!names.isEmpty()) {
        return run.remove(selected, access);
      }
      boolean everything = policy.rules().isEmpty();
      if (everything) {
        requirePermission();
      }
      return run.remove(run.decide(access, selected, grouping, policy, everything), access);
    }
  }

  /// What is named in place of snapshots, or by `--app` with no policy beside it.
  private List<App> apps() {
    if (names.isEmpty()) {
      return filter.app == null || keep.isGiven() || removeAll
          ? List.of()
          : app(filter.app).stream().toList();
    }
    List<App> apps = new ArrayList<>();
    for (String name : names) {
      if (!SNAPSHOT.matcher(name).matches()) {
        app(name).ifPresent(apps::add);
      }
    }
    if (!apps.isEmpty() && (apps.size() < names.size() || filter.app != null)) {
      throw new HoldfastException.Rejected(
          "apps and snapshots were both named", "name one kind at a time");
    }
    if (!apps.isEmpty() && keep.isGiven()) {
      throw new HoldfastException.Rejected(
          "what is kept of the app '%s' is what the configuration says".formatted(names.getFirst()),
          "leave the --keep options out, or select with --app " + names.getFirst());
    }
    return apps;
  }

  private Optional<App> app(String name) {
    return session.configuration().map(found -> found.apps().get(name));
  }

  private int forget(List<App> apps) {
    GroupBy grouping = groupBy == null ? GroupBy.OF_AN_APP : GroupBy.parse(groupBy);
    Configuration configuration = session.configuration().orElseThrow();
    int status = ExitCode.DONE;
    for (App app : apps) {
      int its =
          new ForgetApps(
                  session,
                  configuration,
                  filter(),
                  grouping,
                  (there, place) -> run(there, Optional.of(place)))
              .run(app);
      status = its == ExitCode.DONE ? status : its;
    }
    return status;
  }

  private ForgetRun run(Session there, Optional<ForgetOutput.Place> place) {
    PruneOptions pruning = limits.options(there.writerOptions());
    return new ForgetRun(
        there,
        new ForgetOutput(there, compact, dryRun, place),
        dryRun,
        prune ? Optional.of(pruning) : Optional.empty());
  }

  private SnapshotFilter filter() {
    return filter.filter(session.environment());
  }

  private void requirePermission() {
    if (!removeAll) {
      throw new HoldfastException.Rejected(
          "no policy was given, so nothing is removed", "say what to keep, such as --keep-daily 7");
    }
    if (filter().equals(SnapshotFilter.ALL)) {
      throw new HoldfastException.Rejected(
          "--unsafe-allow-remove-all needs a filter",
          "select by --host, --tag or --path what is to be removed");
    }
  }
}
