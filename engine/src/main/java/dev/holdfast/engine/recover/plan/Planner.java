package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.RecoveryNames;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.recover.plan.Replacement.Action;
import dev.holdfast.engine.recover.plan.Replacement.Kind;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.sql.SqlScript;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Makes plans. Reads, and changes nothing; refuses on this side of everything what cannot end
/// well. Not thread-safe.
public final class Planner {
  /// Belongs to the file system, not to whoever uses it.
  private static final String LOST_AND_FOUND = "lost+found";

  /// What is exported is packed tighter than a database, and lies beside it while that is made.
  private static final int IMPORT_SPACE = 3;

  /// A database that is masked is written twice.
  private static final int MASK_SPACE = 2;

  private final Repository repository;
  private final List<DatabaseEngine> engines;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final MountPoints mounts = MountPoints.now();
  private final List<Replacement> replacements = new ArrayList<>();

  public Planner(
      Repository repository,
      List<DatabaseEngine> engines,
      InstantSource clock,
      RandomGenerator random) {
    this.repository = repository;
    this.engines = List.copyOf(engines);
    this.clock = clock;
    this.random = random;
  }

  /// The plan for a request, with what a person wants to know of it.
  ///
  /// @throws HoldfastException if it cannot be done, with the reason
  public Preview plan(PlanRequest request) {
    Instant now = clock.instant();
    Names names = Names.of(now, random);
    SnapshotContent content = new SnapshotContent(repository, request.snapshot(), engines);
    replacements.clear();
    for (Target target : request.targets()) {
      add(names, content, target);
    }
    for (String removal : request.removals()) {
      addRemoval(names, LivePath.of(removal).path(), new TreeSet<>());
    }
    refuseOverlaps();
    requireAnswers(request);
    Plan plan =
        new Plan(
            names.id(),
            now,
            request.subject(),
            request.app(),
            request.configuration(),
            Optional.of(origin(request)),
            Optional.empty(),
            replacements,
            request.databases().stream().map(PlannedDatabase::database).toList(),
            request.service(),
            request.restorePoint());
    return new Forecast(plan, engines).preview(request);
  }

  private Plan.Origin origin(PlanRequest request) {
    return new Plan.Origin(
        repository.config().id().toHex(),
        request.location(),
        request.snapshot().id(),
        request.snapshot().time().toInstant(),
        request.snapshot().hostname(),
        request.snapshot().tags());
  }

  private void add(Names names, SnapshotContent content, Target target) {
    EntryView entry = content.at(Paths.clean(target.from()));
    LivePath live = LivePath.of(target.live());
    if (target.fromExport()) {
      addImport(names, content, target, live);
      return;
    }
    live.stat().ifPresent(stat -> refuseOtherType(entry, live.path(), stat));
    refuseLogBesideLink(content, entry, Paths.clean(target.live()), live.path());
    if (!mounts.isOne(live.path())) {
      add(names, content, entry, live, target.mask());
    } else if (entry.isDirectory()) {
      addEntries(names, content, entry, live.path());
    } else {
      throw new HoldfastException.Rejected(
          OsString.display(live.path()) + " is mounted there by itself and cannot be replaced",
          "recover it outside of the container, or mount the folder that it lies in");
    }
  }

  /// An application that opens a database by a link may keep the log beside the link, where the
  /// database's new state would find it.
  private static void refuseLogBesideLink(
      SnapshotContent content, EntryView entry, String named, String live) {
    if (named.equals(live)) {
      return;
    }
    for (String suffix :
        content.engineOf(entry).map(DatabaseEngine::sidecarSuffixes).orElse(List.of())) {
      String real = LivePath.of(named + suffix).path();
      if (!real.equals(live + suffix) && Posix.isPresent(named + suffix)) {
        throw new HoldfastException.Rejected(
            "%s lies beside a link to the database, not beside the database itself"
                .formatted(OsString.display(named + suffix)),
            "stop the application, so that it brings its log in, or let it open "
                + OsString.display(live));
      }
    }
  }

  private static void refuseOtherType(EntryView entry, String live, FileStat stat) {
    if (entry.isDirectory() != stat.isDirectory() || entry.isFile() != stat.isRegular()) {
      throw new HoldfastException.Rejected(
          "%s is a %s in the snapshot, and something else now"
              .formatted(OsString.display(live), entry.isFile() ? "file" : "folder"),
          "move it out of the way, or recover to another place with --target");
    }
  }

  /// A database that is made of what its engine exported.
  private void addImport(Names names, SnapshotContent content, Target target, LivePath live) {
    EntryView folder = content.at(Paths.clean(target.from()));
    DatabaseEngine engine = content.engineOfExport(folder, engines);
    if (mounts.isOne(live.path()) || live.stat().map(stat -> !stat.isRegular()).orElse(false)) {
      throw new HoldfastException.Rejected(
          OsString.display(live.path()) + " is no file that a database can take the place of",
          "recover to another place");
    }
    String stageFolder = names.stageFolder(live.path(), replacements.size());
    replacements.add(
        new Replacement(
            Kind.DATABASE,
            live.stat().isPresent() ? Action.REPLACE : Action.CREATE,
            Optional.of(engine.name()),
            folder.path(),
            live.path(),
            stageFolder,
            stageFolder + "/" + Paths.name(live.path()),
            names.safety(live.path()),
            engine.sidecarSuffixes(),
            live.stat().map(FileStat::inode).orElse(0L),
            content.bytes(folder) * IMPORT_SPACE,
            live.missingFolders(),
            true,
            checkedMask(target.mask(), true, live.path())));
  }

  private static Optional<String> checkedMask(
      Optional<String> mask, boolean isDatabase, String live) {
    if (mask.isPresent() && !isDatabase) {
      throw new HoldfastException.Rejected(
          "%s is no database, and statements are to mask it".formatted(OsString.display(live)),
          "name the source that they are for");
    }
    if (mask.isPresent() && SqlScript.split(mask.get()).isEmpty()) {
      throw new HoldfastException.Rejected(
          "there is no statement to mask %s with".formatted(OsString.display(live)), "");
    }
    return mask;
  }

  private void add(
      Names names, SnapshotContent content, EntryView entry, LivePath live, Optional<String> mask) {
    mounts
        .inside(live.path())
        .ifPresent(point -> {
          throw new HoldfastException.Rejected(
              "%s is mounted inside of %s"
                  .formatted(OsString.display(point), OsString.display(live.path())),
              "recover the folders around it one by one");
        });
    Optional<DatabaseEngine> engine = content.engineOf(entry);
    engine.ifPresent(one -> refuseUnlessRecoverable(one, content, entry));
    List<String> suffixes = engine.map(DatabaseEngine::sidecarSuffixes).orElse(List.of());
    String stageFolder = names.stageFolder(live.path(), replacements.size());
    replacements.add(
        new Replacement(
            kind(entry, engine),
            live.stat().isPresent() ? Action.REPLACE : Action.CREATE,
            engine.map(DatabaseEngine::name),
            entry.path(),
            live.path(),
            stageFolder,
            stageFolder + "/" + entry.name(),
            names.safety(live.path()),
            suffixes,
            live.stat().map(FileStat::inode).orElse(0L),
            (content.bytes(entry) + content.bytesBeside(entry, suffixes))
                * (mask.isPresent() ? MASK_SPACE : 1),
            live.missingFolders(),
            false,
            checkedMask(mask, engine.isPresent(), live.path())));
    if (replacements.size() > Plan.REPLACEMENTS_MAX) {
      throw new HoldfastException.Rejected(
          "there are more than " + Plan.REPLACEMENTS_MAX + " things to replace",
          "recover one source at a time");
    }
  }

  private static void refuseUnlessRecoverable(
      DatabaseEngine engine, SnapshotContent content, EntryView entry) {
    Optional<DatabaseRecovery> recovery = engine.recovery();
    if (recovery.isPresent()) {
      recovery
          .get()
          .requireReadable(entry.path(), content.head(entry, DatabaseRecovery.HEAD_BYTES));
    } else {
      throw new HoldfastException.Unsupported(
          "%s is a %s database, which cannot be recovered in place"
              .formatted(OsString.display(entry.path()), engine.name()),
          "write it into a folder with 'holdfast restore'");
    }
  }

  private static Kind kind(EntryView entry, Optional<DatabaseEngine> engine) {
    if (entry.isDirectory()) {
      return Kind.FOLDER;
    }
    return engine.isPresent() ? Kind.DATABASE : Kind.FILE;
  }

  /// A folder that something is mounted at keeps its name; what is in it is replaced one by one.
  private void addEntries(Names names, SnapshotContent content, EntryView folder, String live) {
    Set<String> inSnapshot = new TreeSet<>(content.names(folder.path()));
    Set<String> both = new TreeSet<>(inSnapshot);
    both.addAll(namesIn(live));
    Set<String> covered = new TreeSet<>();
    for (String name : both) {
      String path = Paths.child(live, name);
      if (covered.contains(name)) {
        continue; // the file beside a database goes with it
      }
      if (inSnapshot.contains(name)) {
        EntryView entry = content.at(Paths.child(folder.path(), name));
        LivePath there = LivePath.of(path);
        there.stat().ifPresent(stat -> refuseOtherType(entry, path, stat));
        add(names, content, entry, there, Optional.empty());
        replacements.getLast().suffixes().forEach(suffix -> covered.add(name + suffix));
      } else {
        addRemoval(names, path, covered);
      }
    }
  }

  private static List<String> namesIn(String folder) {
    try {
      return Posix.readDirectory(folder).stream()
          .map(DirEntry::name)
          .filter(name -> !name.equals(LOST_AND_FOUND) && !RecoveryNames.isOurs(name))
          .toList();
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput(
          OsString.display(folder) + " cannot be listed: " + Reason.of(e), "", e);
    }
  }

  private void addRemoval(Names names, String live, Set<String> covered) {
    try {
      FileStat stat = Posix.lstat(live);
      Optional<DatabaseEngine> engine = stat.isRegular() ? engineAt(live) : Optional.empty();
      List<String> suffixes = engine.map(DatabaseEngine::sidecarSuffixes).orElse(List.of());
      suffixes.forEach(suffix -> covered.add(Paths.name(live) + suffix));
      String stageFolder = names.stageFolder(live, replacements.size());
      replacements.add(
          new Replacement(
              stat.isDirectory() ? Kind.FOLDER : engine.isPresent() ? Kind.DATABASE : Kind.FILE,
              Action.REMOVE,
              engine.map(DatabaseEngine::name),
              live,
              live,
              stageFolder,
              stageFolder + "/" + Paths.name(live),
              names.safety(live),
              suffixes,
              stat.inode(),
              0,
              List.of(),
              false,
              Optional.empty()));
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          OsString.display(live) + " cannot be looked at: " + Reason.of(e), "", e);
    }
  }

  private Optional<DatabaseEngine> engineAt(String path) throws IOException {
    for (DatabaseEngine engine : engines) {
      if (engine.recognizes(path)) {
        return Optional.of(engine);
      }
    }
    return Optional.empty();
  }

  /// A question to all databases that no database is there for would fail when it is too late.
  private void requireAnswers(PlanRequest request) {
    boolean hasDatabase =
        !request.databases().isEmpty()
            || replacements.stream()
                .anyMatch(it -> it.kind() == Kind.DATABASE && it.bringsSomething());
    for (HealthCheck check : request.service().health()) {
      if (!hasDatabase
          && check.question() instanceof HealthCheck.Sql sql
          && sql.database().isEmpty()) {
        throw new HoldfastException.Rejected(
            "the health check %s asks a database, and none is recovered"
                .formatted(check.describe()),
            "leave it out, or ask with a command or a request");
      }
    }
  }

  private void refuseOverlaps() {
    List<String> paths = replacements.stream().map(it -> it.live() + "/").sorted().toList();
    for (int i = 1; i < paths.size(); i++) {
      if (paths.get(i).startsWith(paths.get(i - 1))) {
        throw new HoldfastException.Rejected(
            "%s would be replaced twice".formatted(OsString.display(paths.get(i))), "name it once");
      }
    }
  }
}
