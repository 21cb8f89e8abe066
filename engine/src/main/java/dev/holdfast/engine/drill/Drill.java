package dev.holdfast.engine.drill;

import dev.holdfast.engine.config.proof.Check;
import dev.holdfast.engine.drill.DrillReport.CheckResult;
import dev.holdfast.engine.drill.DrillReport.Drilled;
import dev.holdfast.engine.drill.DrillReport.Times;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.postgres.ScratchCluster;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Rehearses the recovery of an app: everything is staged and verified as a recovery does it, in a
/// scratch folder that is gone afterwards; then the app's own checks are asked. The live app is
/// neither looked at nor touched.
public final class Drill {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int RANDOM_BOUND = 0x10000;
  private static final String DATA = "data";

  private final Repository repository;
  private final List<DatabaseEngine> engines;
  private final LiveFiles files;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final DrillServer server;

  /// @param server for databases of servers; used only if a snapshot has a dump
  public Drill(
      Repository repository,
      List<DatabaseEngine> engines,
      LiveFiles files,
      InstantSource clock,
      RandomGenerator random,
      DrillServer server) {
    this.repository = repository;
    this.engines = List.copyOf(engines);
    this.files = files;
    this.clock = clock;
    this.random = random;
    this.server = server;
  }

  /// Carries out a drill. What fails is in the report.
  ///
  /// @throws HoldfastException.Cancelled if this thread is interrupted
  /// @throws HoldfastException.InputOutput if there is no scratch folder to be had, or it has not
  ///   the space, or cannot be removed
  public DrillReport run(DrillRequest request, DrillObserver observer) {
    Instant start = clock.instant();
    String id = ID.format(start) + "-" + "%04x".formatted(random.nextInt(RANDOM_BOUND));
    try (ScratchFolder scratch =
        ScratchFolder.make(
            files,
            request.place(),
            id,
            folder -> {
              observer.notice("removing what a drill that was killed has left: " + folder);
              ScratchCluster.endAbandoned(ServerRehearsal.cluster(folder));
            })) {
      return rehearse(request, id, start, scratch.path(), observer);
    }
  }

  private DrillReport rehearse(
      DrillRequest request, String id, Instant start, Path scratch, DrillObserver observer) {
    ScratchData data = new ScratchData(request.app().root(), scratch.resolve(DATA).toString());
    try (Rehearsal rehearsal =
        new Rehearsal(
            repository,
            engines,
            files,
            data,
            new Rehearsal.Servers() {
              @Override
              public long bytes(List<ManifestSource> dumps) {
                return ServerRehearsal.bytes(server, dumps);
              }

              @Override
              public ServerRehearsal open(List<ManifestSource> dumps) {
                return ServerRehearsal.open(server, id, scratch, dumps, observer);
              }
            },
            observer)) {
      Times times = rehearsal.run(request, clock, random);
      List<String> reasons = new ArrayList<>(rehearsal.reasons());
      long checking = System.nanoTime();
      List<CheckResult> checks = check(request, id, data, rehearsal, observer);
      for (CheckResult check : checks) {
        if (!check.passed()) {
          reasons.add("the check '%s' failed: %s".formatted(check.name(), check.detail()));
        }
      }
      return new DrillReport(
          id,
          request.program(),
          request.app().name(),
          new Drilled(
              request.snapshot().id(),
              request.snapshot().tree(),
              request.snapshot().time().toInstant(),
              request.snapshot().hostname()),
          request.location(),
          request.host(),
          start,
          clock.instant(),
          rehearsal.proofs(),
          checks,
          new Times(
              times.stage(),
              times.verify(),
              Duration.ofNanos(System.nanoTime() - checking),
              Duration.between(request.manifest().start(), request.manifest().end())),
          reasons,
          rehearsal.notes());
    }
  }

  private List<CheckResult> check(
      DrillRequest request,
      String id,
      ScratchData data,
      Rehearsal rehearsal,
      DrillObserver observer) {
    List<Check> wanted = request.app().proof().checks();
    if (!rehearsal.reasons().isEmpty()) {
      return wanted.stream().map(Checks::notAsked).toList();
    }
    Map<String, String> environment = new HashMap<>(rehearsal.in(request.environment()));
    environment.put("HOLDFAST_DRILL", id);
    environment.put("HOLDFAST_DRILL_DIR", data.folder());
    environment.put("HOLDFAST_SNAPSHOT", request.snapshot().id());
    Checks checks =
        new Checks(
            data,
            request.manifest().sources().stream().filter(this::isDatabase).toList(),
            (database, query) -> ask(data, rehearsal, database, query),
            environment);
    List<CheckResult> results = new ArrayList<>();
    for (Check check : wanted) {
      observer.doing("asking the check '" + check.name() + "'");
      results.add(checks.run(check));
    }
    return results;
  }

  private boolean isDatabase(ManifestSource source) {
    return Rehearsal.isDump(source) || engines.stream().anyMatch(it -> isOf(it, source));
  }

  private static boolean isOf(DatabaseEngine engine, ManifestSource source) {
    return engine.name().equals(source.kind());
  }

  private String ask(ScratchData data, Rehearsal rehearsal, ManifestSource source, String query) {
    if (Rehearsal.isDump(source)) {
      return rehearsal.server().ask(source, query);
    }
    DatabaseRecovery database =
        engines.stream()
            .filter(engine -> isOf(engine, source))
            .findFirst()
            .flatMap(DatabaseEngine::recovery)
            .orElseThrow(() ->
                new HoldfastException.Unsupported(
                    "databases of the kind '" + source.kind() + "' cannot be asked", ""));
    return database.ask(data.of(source.path()), query);
  }
}
