package dev.holdfast.engine.drill;

import dev.holdfast.engine.drill.DrillReport.SourceProof;
import dev.holdfast.engine.drill.DrillReport.Times;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.recover.AppTargets;
import dev.holdfast.engine.recover.FileReplacer;
import dev.holdfast.engine.recover.RecoverEvent;
import dev.holdfast.engine.recover.SnapshotDump;
import dev.holdfast.engine.recover.SnapshotStager;
import dev.holdfast.engine.recover.StageVerification;
import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.PlanRequest;
import dev.holdfast.engine.recover.plan.Planner;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import dev.holdfast.repository.error.Reason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Brings one snapshot into a scratch folder, with the parts of a recovery, and keeps what failed
/// instead of ending with it. Used once, by one thread.
final class Rehearsal implements AutoCloseable {
  private static final String POSTGRES = "postgres";
  private static final String SERVER_FOLDER = "/postgres/";
  private static final String FILES = "files";

  private final Repository repository;
  private final List<DatabaseEngine> engines;
  private final LiveFiles files;
  private final ScratchData data;
  private final Servers servers;
  private final DrillObserver observer;
  private final List<String> reasons = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<SourceProof> proofs = new ArrayList<>();
  private final Map<ManifestSource, String> failures = new LinkedHashMap<>();
  private final Map<ManifestSource, String> provenBy = new LinkedHashMap<>();
  private @Nullable ServerRehearsal server;

  /// Where databases are made of dumps.
  interface Servers {
    /// What that takes up in the scratch folder.
    long bytes(List<ManifestSource> dumps);

    ServerRehearsal open(List<ManifestSource> dumps);
  }

  Rehearsal(
      Repository repository,
      List<DatabaseEngine> engines,
      LiveFiles files,
      ScratchData data,
      Servers servers,
      DrillObserver observer) {
    this.repository = repository;
    this.engines = List.copyOf(engines);
    this.files = files;
    this.data = data;
    this.servers = servers;
    this.observer = observer;
  }

  /// Whether a source is the dump of a database.
  static boolean isDump(ManifestSource source) {
    return source.kind().equals(POSTGRES);
  }

  /// Whether a source lies in a snapshot where no file of a machine does.
  private static boolean isOfServer(ManifestSource source) {
    return isDump(source)
        || (!source.kind().equals(FILES) && source.path().startsWith(SERVER_FOLDER));
  }

  /// Stages and verifies everything.
  ///
  /// @throws HoldfastException.InputOutput if there is no room for it, which says nothing of the
  ///   snapshot
  Times run(DrillRequest request, InstantSource clock, RandomGenerator random) {
    List<ManifestSource> dumps =
        request.manifest().sources().stream().filter(Rehearsal::isDump).toList();
    Optional<Preview> preview = prepare(request, clock, random);
    if (!reasons.isEmpty()) {
      prove(request.manifest());
      return new Times(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
    requireSpace(preview, servers.bytes(dumps));
    attempt(dumps, () -> openServer(dumps)); // which is there when an app is recovered
    long begin = System.nanoTime();
    long staged = begin;
    try {
      List<Staged> all = preview.map(files -> stage(request, files)).orElse(List.of());
      load(request, dumps);
      staged = System.nanoTime();
      verify(request, all);
      verify(dumps);
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      reasons.add(String.valueOf(e.getMessage()));
    }
    long end = System.nanoTime();
    prove(request.manifest());
    return new Times(
        Duration.ofNanos(staged - begin),
        Duration.ofNanos(end - staged),
        Duration.ZERO,
        Duration.ZERO);
  }

  private void openServer(List<ManifestSource> dumps) {
    if (!dumps.isEmpty()) {
      observer.doing("preparing a server for databases");
      server = servers.open(dumps);
    }
  }

  /// Something that was staged, and how it goes on.
  private record Staged(FileReplacer replacer, Replacement it, Map<String, String> facts) {}

  /// What `recover --target` would do, with what is said of roles as files, and without dumps.
  private List<Target> targets(DrillRequest request) {
    Manifest manifest = request.manifest();
    List<ManifestSource> ofFiles =
        manifest.sources().stream().filter(source -> !isOfServer(source)).toList();
    List<Target> targets = new ArrayList<>();
    if (!ofFiles.isEmpty() || !manifest.failed().isEmpty()) {
      targets.addAll(
          AppTargets.of(
                  new AppTargets.Wish(
                      request.app(),
                      request.app(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.of(data.folder()),
                      false,
                      Optional.empty(),
                      _ -> Optional.empty()),
                  manifest.withSources(ofFiles),
                  List.of())
              .targets());
    }
    for (ManifestSource source : manifest.sources()) {
      if (isOfServer(source) && !isDump(source)) {
        targets.add(new Target(source.path(), data.of(source.path())));
      }
    }
    return targets;
  }

  private Preview plan(
      DrillRequest request, List<Target> targets, InstantSource clock, RandomGenerator random) {
    return new Planner(repository, engines, clock, random)
        .plan(
            new PlanRequest(
                request.app().name(),
                Optional.of(request.app().name()),
                Optional.empty(),
                request.location(),
                request.snapshot(),
                request.manifest().facts(),
                targets,
                List.of(),
                List.of(),
                ServiceSettings.NONE,
                false));
  }

  /// The plan for what lies in files; empty if nothing does, or it cannot be made.
  private Optional<Preview> prepare(
      DrillRequest request, InstantSource clock, RandomGenerator random) {
    files(() -> files.makeFolder(data.folder()));
    try {
      List<Target> targets = targets(request);
      return targets.isEmpty()
          ? Optional.empty()
          : Optional.of(plan(request, targets, clock, random));
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      reasons.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// All of it lies on one file system, where its parts must have room together.
  private void requireSpace(Optional<Preview> preview, long forServers) {
    long forFiles =
        preview.stream()
            .flatMap(it -> it.space().stream())
            .mapToLong(Preview.Space::neededBytes)
            .sum();
    data.requireSpace(forFiles, forServers);
  }

  private List<Staged> stage(DrillRequest request, Preview preview) {
    List<Replacement> replacements = preview.plan().replacements();
    StageVerification check = new StageVerification(engines, request.manifest().facts());
    SnapshotStager stager =
        new SnapshotStager(
            () -> repository,
            () -> request.snapshot().stored().snapshot().tree(),
            files,
            engines,
            check,
            this::follow,
            replacements.stream().mapToLong(Replacement::bytes).sum());
    List<Staged> staged = new ArrayList<>();
    for (Replacement it : replacements) {
      FileReplacer replacer = new FileReplacer(it, files, stager, check, Optional.empty());
      observer.doing("writing " + OsString.display(it.from()));
      attempt(
          covered(request.manifest(), it),
          () -> staged.add(new Staged(replacer, it, replacer.stageInScratch())));
    }
    return staged;
  }

  private void verify(DrillRequest request, List<Staged> all) {
    for (Staged each : all) {
      observer.doing("verifying " + OsString.display(each.it().from()));
      attempt(
          covered(request.manifest(), each.it()),
          () -> {
            each.replacer().verify();
            each.replacer().swapInScratch(each.facts());
          });
    }
  }

  private void load(DrillRequest request, List<ManifestSource> dumps) {
    for (ManifestSource source : dumps) {
      if (!failures.containsKey(source)) {
        observer.doing("loading " + OsString.display(source.path()));
        SnapshotDump dump =
            new SnapshotDump(
                () -> repository, request.snapshot().id(), source.path(), this::follow);
        attempt(List.of(source), () -> server().load(source, dump));
      }
    }
  }

  private void verify(List<ManifestSource> dumps) {
    for (ManifestSource source : dumps) {
      if (!failures.containsKey(source)) {
        observer.doing("verifying " + OsString.display(source.path()));
        attempt(List.of(source), () -> provenBy.put(source, server().verify(source)));
      }
    }
  }

  /// The server with the databases of this drill.
  ServerRehearsal server() {
    if (server == null) {
      throw new IllegalStateException("there is no dump");
    }
    return server;
  }

  /// An environment with what a command needs to reach the databases on a server.
  Map<String, String> in(Map<String, String> environment) {
    return server == null ? environment : server.in(environment);
  }

  /// Some work that concerns some sources.
  private void attempt(List<ManifestSource> sources, Runnable work) {
    try {
      work.run();
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      String failure = String.valueOf(e.getMessage());
      reasons.add(failure);
      sources.forEach(source -> failures.put(source, failure));
    }
  }

  private static List<ManifestSource> covered(Manifest manifest, Replacement it) {
    return manifest.sources().stream()
        .filter(source -> Paths.isWithin(it.from(), source.path()))
        .toList();
  }

  private void prove(Manifest manifest) {
    for (ManifestSource source : manifest.sources()) {
      Optional<String> failure =
          Optional.ofNullable(failures.get(source))
              .or(() ->
                  reasons.isEmpty() || !failures.isEmpty()
                      ? Optional.empty()
                      : Optional.of(reasons.getFirst()));
      proofs.add(
          new SourceProof(
              source.name(),
              source.kind(),
              source.path(),
              source.bindings(),
              source.bytes(),
              source.files().isPresent() ? OptionalLong.empty() : source.rows(),
              failure,
              failure.isPresent() ? "" : proof(source)));
    }
  }

  private String proof(ManifestSource source) {
    String by = provenBy.get(source);
    if (by != null) {
      return by;
    }
    if (source.files().isPresent()) {
      return "written and read again, " + Quantity.of(source.files().get().files(), "file");
    }
    if (source.facts().tables().isEmpty()) {
      return "written and read again";
    }
    return "opened, checked, and counted as recorded: %s in %s"
        .formatted(
            Quantity.of(source.rows().orElse(0), "row"),
            Quantity.of(source.facts().tables().size(), "table"));
  }

  private void follow(RecoverEvent event) {
    switch (event) {
      case RecoverEvent.Progress progress ->
          observer.written(progress.doneBytes(), progress.totalBytes());
      case RecoverEvent.Notice notice -> notes.add(notice.text());
      case RecoverEvent.Started _ -> {}
      case RecoverEvent.Turned _ -> {}
      case RecoverEvent.Done _ -> {}
      case RecoverEvent.RestorePointMade _ -> {}
      case RecoverEvent.TurnedBack _ -> {}
      case RecoverEvent.TakingBack _ -> {}
      case RecoverEvent.Downtime _ -> {}
      case RecoverEvent.Ended _ -> {}
    }
  }

  /// A file operation.
  private interface FileWork {
    void run() throws java.io.IOException;
  }

  private static void files(FileWork work) {
    try {
      work.run();
    } catch (java.io.IOException e) {
      throw new HoldfastException.InputOutput(
          "the scratch folder cannot be written to: " + Reason.of(e), "name another", e);
    }
  }

  List<String> reasons() {
    return reasons;
  }

  List<String> notes() {
    return notes;
  }

  List<SourceProof> proofs() {
    return proofs;
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
