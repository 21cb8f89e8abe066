package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.drill.Drill;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.drill.DrillReport;
import dev.holdfast.engine.drill.DrillRequest;
import dev.holdfast.engine.drill.DrillServer;
import dev.holdfast.engine.hook.HookedRun;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.SnapshotChoice;
import dev.holdfast.engine.recover.files.PosixFiles;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "drill",
    description = {
      "Rehearse the recovery of an app in a scratch place",
      "Everything is written and verified as 'recover' does it, then the app's own checks are"
          + " asked. The live app is neither looked at nor touched. What was proven is recorded in"
          + " the repository."
    })
final class DrillCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "APP", description = "an app of the configuration, or of the repository")
  String name = "";

  @Option(
      names = "--snapshot",
      paramLabel = "SNAPSHOT",
      description = "id, or latest (the default): the newest whole one, never a restore point")
  String snapshot = "latest";

  @Option(
      names = {"-H", "--host"},
      paramLabel = "HOST",
      description = "latest is of this host (default: this machine; '' for any)")
  @Nullable String host;

  @Option(
      names = "--scratch",
      paramLabel = "FOLDER",
      description = "write below this folder (default: the configuration's, or the user's cache)")
  @Nullable String scratch;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description =
          "make scratch databases on this server (default: the configuration's, or one of its own,"
              + " if PostgreSQL's server is installed)")
  @Nullable String postgres;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "write a report as well, by its ending: .html, .json or .txt")
  List<String> reports = new ArrayList<>();

  @Option(names = "--no-record", description = "do not record the drill in the repository")
  boolean noRecord;

  DrillCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    DrillReports.requireKnownEndings(reports);
    new DrillReports(session).requireFolders(reports);
    Optional<App> known = session.useRepositoryOf(name);
    Optional<LockMode> lock =
        session.globals().noLock() ? Optional.empty() : Optional.of(LockMode.SHARED);
    DrillReport report;
    try (RepositoryAccess access = CopiesKnown.open(session, known, () -> session.open(lock))) {
      DrillRequest request = request(known, access);
      report = drill(request, access);
      if (!noRecord) {
        DrillRecords.save(access.repository(), report);
      }
    }
    new DrillReports(session).print(report, reports);
    if (report.passed()) {
      return ExitCode.DONE;
    }
    new Failure(
            ExitCode.FAILED,
            "the drill of '%s' failed: %s".formatted(name, report.reasons().getFirst()),
            "the report above says what else; 'holdfast check --read-data' looks at the repository")
        .print(session.console(), session.globals().json());
    return ExitCode.FAILED;
  }

  private DrillRequest request(Optional<App> known, RepositoryAccess access) {
    App app = known.orElseGet(() -> App.named(name));
    SnapshotView chosen = choice().find(access.repository(), List.of());
    if (!chosen.tags().contains(Manifest.APP_TAG + name)) {
      throw new HoldfastException.Rejected(
          chosen + " is not of the app '" + name + "'",
          "'holdfast snapshots --app " + name + "' lists those that are");
    }
    Manifest manifest =
        new AppSnapshots(access.repository())
            .manifest(chosen)
            .orElseThrow(() ->
                new HoldfastException.Rejected(
                    chosen + " has no manifest, so there is nothing to compare with",
                    "drill a snapshot that 'holdfast backup " + name + "' made"));
    if (known.isEmpty()) {
      session.notice(
          "the app '%s' is not in the configuration: no checks of its own are asked"
              .formatted(name));
    }
    return new DrillRequest(
        app,
        chosen,
        manifest,
        session.location(),
        place(app),
        session.user().hostname(),
        "holdfast " + session.version(),
        environment());
  }

  private SnapshotChoice choice() {
    String wanted =
        host != null
            ? host
            : session.environment().setting("HOST").orElseGet(() -> session.user().hostname());
    return new SnapshotChoice(
        snapshot,
        Optional.empty(),
        Optional.of(wanted).filter(text -> !text.isEmpty()),
        List.of(Manifest.APP_TAG + name));
  }

  private Path place(App app) {
    Path folder =
        Optional.ofNullable(scratch)
            .or(() -> app.proof().scratch())
            .map(text -> Path.of(session.workingDirectory()).resolve(text))
            .orElseGet(session.environment()::cacheHome);
    return folder.normalize().resolve("holdfast-drills");
  }

  private Map<String, String> environment() {
    Map<String, String> variables = session.environment().variables();
    return session
        .configuration()
        .map(all -> HookedRun.variables(all, name, session.location(), variables))
        .orElse(variables);
  }

  private Optional<PostgresSettings> server(App app) {
    return Optional.ofNullable(postgres)
        .map(address -> PostgresSettings.parse(address, session.environment().variables()))
        .or(() -> app.proof().server().map(server -> PostgresAddress.of(session, server)));
  }

  private DrillReport drill(DrillRequest request, RepositoryAccess access) {
    try (DrillProgress progress = new DrillProgress(session)) {
      Drill drill =
          new Drill(
              access.repository(),
              session.engines(request.app()),
              new PosixFiles(),
              session.clock(),
              new SecureRandom(),
              new DrillServer(server(request.app()), session.environment().variables()));
      return drill.run(request, progress);
    }
  }
}
