package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.archive.ArchiveFormat;
import dev.holdfast.engine.archive.ExportEvent;
import dev.holdfast.engine.archive.ExportReport;
import dev.holdfast.engine.archive.ExportSource;
import dev.holdfast.engine.archive.SnapshotExport;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = "Make a portable archive of a snapshot, for use without Holdfast")
final class ExportCommand implements Callable<Integer> {
  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Mixin ScratchOption scratch = new ScratchOption();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "tar.gz, tar.zst, zip or duckdb (default: by the name of the file; a folder is duckdb)")
  @Nullable String format;

  @Option(names = "--force", description = "replace what is there by that name")
  boolean force;

  @Parameters(
      index = "0",
      paramLabel = "SNAPSHOT[:PATH]",
      description = "a snapshot's id, or latest; with a path, only that")
  String snapshot = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description =
          "the archive to make; - for standard output; for duckdb a folder, or"
              + " s3:HOST/BUCKET/PREFIX")
  String file = "";

  ExportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ArchiveFormat chosen = chosen();
    boolean toOutput = file.equals("-");
    if (toOutput && session.console().outputIsTerminal()) {
      throw new HoldfastException.Rejected(
          "an archive would go to the terminal", "redirect it, or name a file");
    }
    try (RepositoryAccess access = filter.openForReading(session);
        ArchiveProgress progress = new ArchiveProgress(session, !toOutput)) {
      SnapshotPath start =
          new Snapshots(access.repository()).find(snapshot, filter.filter(session.environment()));
      start.snapshot().totalBytes().ifPresent(bytes -> progress.on(new ExportEvent.Total(bytes)));
      ExportSource source =
          new ExportSource(
              access.repository(),
              start,
              session.engines(),
              "holdfast " + session.version(),
              scratch.folder(session));
      SnapshotExport export = new SnapshotExport(source, progress);
      ExportReport report =
          chosen == ArchiveFormat.DUCKDB
              ? ExportPlace.with(
                  session, file, source.scratch(), progress, exports -> exports.ofSnapshot(source))
              : toOutput
                  ? export.toStream(chosen, session.console().outputStream())
                  : export.toFile(chosen, Path.of(file), force);
      progress.end();
      if (!toOutput) {
        ExportOutput.print(session, report);
      }
    }
    return ExitCode.DONE;
  }

  private ArchiveFormat chosen() {
    if (ExportPlace.isDistant(file)) {
      if (format != null && ArchiveFormat.ofWord(format) != ArchiveFormat.DUCKDB) {
        throw new HoldfastException.Unsupported(
            "only exports of DuckDB databases go to another machine, no file of the format "
                + format,
            "name a file of this machine, and copy it");
      }
      return ArchiveFormat.DUCKDB;
    }
    Optional<ArchiveFormat> byName = ArchiveFormat.ofName(file);
    if (format != null) {
      return ArchiveFormat.ofWord(format);
    }
    if (Files.isDirectory(Path.of(file))) {
      return ArchiveFormat.DUCKDB;
    }
    return byName.orElseThrow(() ->
        new HoldfastException.Rejected(
            "the name '" + file + "' does not say what kind of archive it shall be",
            "end it with .tar.gz, .tar.zst or .zip, or say --format"));
  }
}
