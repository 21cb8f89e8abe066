package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.EmptyIsUnset;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.backup.BackupOptions.Switch;
import dev.holdfast.engine.backup.BackupRequest;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.source.files.ExclusionMarker;
import dev.holdfast.engine.source.files.SelectionRules;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "backup", description = "Back up databases, files and folders as one snapshot")
final class BackupCommand implements Callable<Integer> {
  private static final String DEFAULT_GROUP = "host,paths";
  private static final List<String> KINDS = List.of(Manifest.MANUAL_TAG, Manifest.SCHEDULED_TAG);

  private final Session session;

  @Mixin BackupTargetOptions targetOptions = new BackupTargetOptions();

  @Mixin ExcludeOptions excludeOptions = new ExcludeOptions();

  @Mixin BackupComparisonOptions comparison = new BackupComparisonOptions();

  @Mixin BackupExportOptions exportOptions = new BackupExportOptions();

  @Option(
      names = "--exclude-if-present",
      paramLabel = "NAME[:HEADER]",
      description = "leave out the content of folders that hold this file, repeatable")
  List<String> markers = new ArrayList<>();

  @Option(
      names = "--exclude-caches",
      description = "leave out the content of folders marked with a CACHEDIR.TAG")
  boolean excludeCaches;

  @Option(
      names = "--exclude-larger-than",
      paramLabel = "SIZE",
      converter = EmptyIsUnset.class,
      description = "leave out files larger than this, such as 10M")
  @Nullable String largerThan;

  @Option(
      names = {"-x", "--one-file-system"},
      description = "stay on the file systems of the paths named")
  boolean oneFileSystem;

  @Option(
      names = "--tag",
      paramLabel = "TAG[,TAG...]",
      description = "tags of the snapshot, repeatable")
  List<String> tags = new ArrayList<>();

  @Option(
      names = {"-H", "--host", "--hostname"},
      paramLabel = "NAME",
      converter = EmptyIsUnset.class,
      description = "host name of the snapshot (default: $RESTIC_HOST or this machine's)")
  @Nullable String host;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = EmptyIsUnset.class,
      description = "time of the snapshot, such as '2026-01-31 12:00:00' (default: now)")
  @Nullable String time;

  @Option(
      names = {"-n", "--dry-run"},
      description = "read everything, store nothing, say what would be done")
  boolean dryRun;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "why the backup of an app is made: manual (default) or scheduled, a tag")
  String kind = Manifest.MANUAL_TAG;

  @Option(names = "--no-scan", description = "do not count files first for the progress")
  boolean noScan;

  @Option(names = "--with-atime", description = "store access times")
  boolean withAccessTime;

  BackupCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (!comparison.groupBy.equals(DEFAULT_GROUP) && !comparison.groupBy.equals("paths,host")) {
      throw new HoldfastException.Rejected(
          "--group-by '" + comparison.groupBy + "' is not supported by backup",
          "leave it out, or name the snapshot to compare with by --parent");
    }
    if (!KINDS.contains(kind)) {
      throw new HoldfastException.Rejected(
          "'" + kind + "' is not a kind of run", "the kinds are " + String.join(", ", KINDS));
    }
    BackupTargetOptions.Named named = targetOptions.named(session);
    if (exportOptions.isExport()) {
      return new LiveExport(session, exportOptions, named).run();
    }
    SelectionRules rules = rules();
    Optional<LockMode> lock = dryRun ? Optional.empty() : Optional.of(LockMode.SHARED);
    BackupExecution execution =
        new BackupExecution(
            session, (targets, access) -> request(targets, rules, access), lock, kind, dryRun);
    return execution.run(named);
  }

  private BackupRequest request(
      BackupTargets targets, SelectionRules rules, RepositoryAccess access) {
    List<String> patterns = new ArrayList<>(excludeOptions.patterns(session.environment()));
    patterns.addAll(excludeOptions.caselessPatterns(session.environment()));
    Optional<OffsetDateTime> instant =
        Optional.ofNullable(time).map(text -> TimeText.parse("--time", text, session.clock()));
    return new BackupRequest(
        targets,
        rules,
        patterns,
        tags.stream().flatMap(t -> SnapshotFilterOptions.TagList.parse(t).stream()).toList(),
        Optional.ofNullable(host).or(() -> session.environment().setting("HOST")),
        instant,
        Optional.ofNullable(comparison.parent),
        comparison.force,
        switches(),
        session.writerOptions().withGate(access.gate()),
        session.workingDirectory(),
        BackupSubject.PATHS,
        "holdfast " + session.version());
  }

  private SelectionRules rules() {
    List<ExclusionMarker> all = new ArrayList<>();
    markers.forEach(marker -> all.add(ExclusionMarker.parse(marker)));
    if (excludeCaches) {
      all.add(ExclusionMarker.CACHE_DIRECTORY);
    }
    List<PathFilter> filters = excludeOptions.filters(session.environment());
    return SelectionRules.EVERYTHING
        .withExcludes(filters.getFirst())
        .withCaseless(filters.getLast())
        .withMarkers(all)
        .withLargerThan(
            largerThan == null
                ? OptionalLong.empty()
                : OptionalLong.of(ByteSize.parse("--exclude-larger-than", largerThan)))
        .withOneFileSystem(oneFileSystem);
  }

  private Set<Switch> switches() {
    Set<Switch> switches = EnumSet.noneOf(Switch.class);
    add(switches, Switch.DRY_RUN, dryRun);
    add(switches, Switch.SKIP_IF_UNCHANGED, comparison.skipIfUnchanged);
    add(switches, Switch.ACCESS_TIMES, withAccessTime);
    add(switches, Switch.IGNORE_CHANGE_TIME, comparison.ignoresChangeTime(session.environment()));
    add(switches, Switch.IGNORE_INODE, comparison.ignoresInode(session.environment()));
    add(
        switches,
        Switch.SCAN,
        !noScan && (session.showsProgress() || session.globals().verbosity() > 1));
    return switches;
  }

  private static void add(Set<Switch> switches, Switch one, boolean on) {
    if (on) {
      switches.add(one);
    }
  }
}
