package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.EmptyIsUnset;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.archive.ArchiveImport;
import dev.holdfast.engine.archive.ImportRequest;
import dev.holdfast.engine.archive.ImportedNames;
import dev.holdfast.engine.archive.Scratch;
import dev.holdfast.engine.archive.Staged;
import dev.holdfast.engine.archive.read.Limits;
import dev.holdfast.engine.backup.BackupReport;
import dev.holdfast.engine.backup.BackupRequest;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.source.files.SelectionRules;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.store.DistantFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description =
        "Take a portable archive into the repository as a snapshot, once all of it is checked")
final class ImportCommand implements Callable<Integer> {
  private static final int SHORT_ID_DIGITS = 8;

  private final Session session;

  @Mixin ScratchOption scratch = new ScratchOption();

  @Option(
      names = "--app",
      paramLabel = "APP",
      description =
          "of which app the snapshot is; its tag, and its root unless --root says another")
  @Nullable String app;

  @Option(
      names = "--root",
      paramLabel = "FOLDER",
      description =
          "where the content goes in the snapshot (default: where it was, or the app's root, or /)")
  @Nullable String root;

  @Option(
      names = "--snapshot",
      paramLabel = "TIMESTAMP",
      description = "which export of a folder of them (default: the newest that is whole)")
  @Nullable String timestamp;

  @Option(
      names = "--tag",
      paramLabel = "TAG[,TAG...]",
      description = "further tags of the snapshot, repeatable")
  List<String> tags = new ArrayList<>();

  @Option(
      names = {"-H", "--host"},
      paramLabel = "NAME",
      converter = EmptyIsUnset.class,
      description = "host name of the snapshot (default: $RESTIC_HOST or this machine's)")
  @Nullable String host;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = EmptyIsUnset.class,
      description = "time of the snapshot (default: what the archive says)")
  @Nullable String time;

  @Option(
      names = "--max-size",
      paramLabel = "SIZE",
      description = "refuse an archive with more content than this (default: 256G)")
  @Nullable String maxSize;

  @Option(
      names = {"-n", "--dry-run"},
      description = "check the archive, store nothing")
  boolean dryRun;

  @Parameters(
      paramLabel = "FILE",
      description =
          "an archive, a database or a dump by itself, a folder of exports, one at"
              + " s3:HOST/BUCKET/PREFIX, or -")
  String file = "";

  ImportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    Optional<App> owner = owner();
    owner.ifPresent(session::useRepositoryOf);
    try (Scratch spool = Scratch.in(scratch.folder(session));
        ArchiveProgress progress = new ArchiveProgress(session, true);
        Staged staged = stage(new ArchiveImport(request(spool, owner), progress))) {
      progress.end();
      if (dryRun) {
        print(staged, Optional.empty());
        return ExitCode.DONE;
      }
      try (RepositoryAccess access = session.openForBackup(Optional.of(LockMode.SHARED))) {
        List<BackupSubject.Label> names =
            owner.map(one -> ImportedNames.of(one, staged, session.engines())).orElse(List.of());
        Purged.of(access.repository()).refuse(Optional.ofNullable(app), staged, names);
        print(staged, Optional.of(store(staged, names, access)));
      }
    }
    return ExitCode.DONE;
  }

  private Staged stage(ArchiveImport archive) {
    if (!ExportPlace.isDistant(file)) {
      return archive.stage();
    }
    try (DistantFolder folder = session.folder(file)) {
      return archive.stage(folder);
    }
  }

  /// The app of the configuration, if it is there: an archive may be of one that is not.
  private Optional<App> owner() {
    return Optional.ofNullable(app)
        .flatMap(
            name -> session.configuration().map(Configuration::apps).map(all -> all.get(name)));
  }

  private ImportRequest request(Scratch spool, Optional<App> owner) throws IOException {
    Path archive = Path.of(file);
    if (file.equals("-")) {
      archive = spool.folder().resolve("input");
      Files.copy(session.input(), archive);
    }
    return new ImportRequest(
        archive,
        name(archive),
        Optional.ofNullable(root),
        owner.flatMap(App::root),
        Optional.ofNullable(timestamp),
        maxSize == null ? Limits.DEFAULT : Limits.of(ByteSize.parse("--max-size", maxSize)),
        scratch.folder(session),
        session.engines(),
        session.environment().variables(),
        session.clock());
  }

  private String name(Path archive) {
    if (file.equals("-")) {
      return "stdin";
    }
    return ExportPlace.isDistant(file) ? file : archive.toAbsolutePath().normalize().toString();
  }

  private BackupReport store(
      Staged staged, List<BackupSubject.Label> names, RepositoryAccess access) {
    List<String> all = new ArrayList<>();
    tags.forEach(each -> all.addAll(SnapshotFilterOptions.TagList.parse(each)));
    if (app == null) {
      all.add(Manifest.IMPORTED_TAG); // those of apps have it of themselves
    }
    BackupRequest request =
        new BackupRequest(
            staged.targets(),
            SelectionRules.EVERYTHING,
            List.of(),
            all,
            Optional.ofNullable(host).or(() -> session.environment().setting("HOST")),
            Optional.of(time(staged)),
            Optional.empty(),
            true,
            Set.of(),
            session.writerOptions().withGate(access.gate()),
            session.workingDirectory(),
            staged.subject(Optional.ofNullable(app), names),
            "holdfast " + session.version());
    try (BackupProgress progress = new BackupProgress(session)) {
      BackupReport report =
          request.run(
              access.repository(),
              session.engines(),
              session.user(),
              session.clock(),
              _ -> {},
              progress);
      if (report.problems() > 0) {
        throw new HoldfastException.InputOutput(
            "not all of the archive could be read again", "", null);
      }
      return report;
    }
  }

  /// When what is in it was so: a snapshot is never newer than what it shows, nor from the future.
  private OffsetDateTime time(Staged staged) {
    if (time != null) {
      return TimeText.parse("--time", time, session.clock());
    }
    Instant now = session.clock().instant();
    Instant said = staged.time().filter(then -> then.isBefore(now)).orElse(now);
    return OffsetDateTime.ofInstant(said, session.clock().getZone());
  }

  private void print(Staged staged, Optional<BackupReport> report) {
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("summary")
                  .field("format", staged.format())
                  .field("files", staged.fileCount())
                  .field("databases", staged.databases())
                  .field("bytes", report.map(BackupReport::totalBytes).orElse(0L))
                  .strings("paths", staged.paths())
                  .field("dry_run", dryRun)
                  .nonEmpty("snapshot_id", report.flatMap(BackupReport::snapshotId).orElse(""))
                  .end());
    } else if (!session.globals().quiet()) {
      session
          .console()
          .line(
              "%s, %s, %s opened and checked"
                  .formatted(
                      staged.format(),
                      Quantity.of(staged.fileCount(), "file"),
                      Quantity.of(staged.databases(), "database")));
      report.ifPresent(it ->
          session
              .console()
              .line(
                  "snapshot %s saved, %s"
                      .formatted(
                          it.snapshotId().orElse("").substring(0, SHORT_ID_DIGITS),
                          Sizes.bytes(it.totalBytes()))));
    }
  }
}
