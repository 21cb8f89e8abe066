package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.archive.ExportReport;
import dev.holdfast.engine.archive.LiveDatabases;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.boundary.Boundary;
import dev.holdfast.engine.config.boundary.Finding;
import dev.holdfast.engine.config.boundary.Member;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Exports live databases, once or again and again. One that fails does not end the others to come,
/// and leaves nothing that looks like an export.
final class LiveExport {
  private final Session session;
  private final BackupExportOptions options;
  private final BackupTargetOptions.Named named;

  LiveExport(Session session, BackupExportOptions options, BackupTargetOptions.Named named) {
    this.session = session;
    this.options = options;
    this.named = named;
    if (!named.postgres().isEmpty() || !named.targets().virtualFiles().isEmpty()) {
      throw new HoldfastException.Rejected(
          "servers and streams cannot be exported so", "leave --format export out");
    }
  }

  int run() {
    Optional<Duration> every = options.every();
    if (every.isEmpty()) {
      once();
      return ExitCode.DONE;
    }
    while (true) {
      long start = System.nanoTime();
      try {
        once();
      } catch (HoldfastException.Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        Failure.of(e).print(session.console(), session.globals().json());
      }
      rest(every.get().minusNanos(System.nanoTime() - start));
    }
  }

  private static void rest(Duration left) {
    try {
      Thread.sleep(left.isNegative() ? Duration.ZERO : left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted");
    }
  }

  private void once() {
    try (ArchiveProgress progress = new ArchiveProgress(session, true)) {
      Path scratch =
          Path.of(
              options.scratch != null
                  ? options.scratch
                  : session.environment().variables().getOrDefault("TMPDIR", "/tmp"));
      LiveDatabases databases = find();
      databases
          .passedOver()
          .forEach(path -> session.notice("holdfast: not in an export: " + OsString.display(path)));
      ExportReport report =
          ExportPlace.with(
              session,
              options.target(),
              scratch,
              progress,
              exports ->
                  exports.ofLive(databases.found(), session.clock().instant(), options.keep()));
      progress.end();
      ExportOutput.print(session, report);
    }
  }

  private LiveDatabases find() {
    LiveDatabases databases = new LiveDatabases(session.engines());
    for (App app : named.apps()) {
      List<DatabaseEngine> engines = session.engines(app);
      Boundary boundary = Boundary.expand(app, engines);
      for (Finding finding : boundary.findings()) {
        if (finding.severity() == Finding.Severity.FAILURE) {
          throw new HoldfastException.NotFound(
              "the app '" + app.name() + "' is not complete: " + finding, "nothing was exported");
        }
      }
      for (Member member : boundary.members()) {
        databases.add(member.source(), member.path(), member.bindings(), member.folder());
      }
    }
    for (String path : named.targets().paths()) {
      String absolute = Path.of(path).toAbsolutePath().normalize().toString();
      databases.add(absolute, absolute, Map.of(), Files.isDirectory(Path.of(path)));
    }
    return databases;
  }
}
