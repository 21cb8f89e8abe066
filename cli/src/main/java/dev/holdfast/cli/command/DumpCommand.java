package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.archive.DumpedFile;
import dev.holdfast.engine.archive.ExportSource;
import dev.holdfast.engine.query.EntryArchive;
import dev.holdfast.engine.query.EntryContent;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.FileContent;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.query.TarArchive;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.query.ZipArchive;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "dump",
    description = "Print a file of a snapshot, or a folder of it as a tar or zip archive")
final class DumpCommand implements Callable<Integer> {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Mixin ScratchOption scratch = new ScratchOption();

  @Option(
      names = {"-a", "--archive"},
      paramLabel = "FORMAT",
      description = "tar or zip (default: tar)")
  String archive = "tar";

  @Option(
      names = "--as-stored",
      description =
          "print a database as it is in the snapshot, without what is in the log beside it, and"
              + " such a log too")
  boolean asStored;

  @Option(
      names = {"-t", "--target"},
      paramLabel = "FILE",
      description = "write to this file instead of standard output")
  @Nullable String target;

  @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "a snapshot's id, or latest")
  String snapshot = "";

  @Parameters(index = "1", paramLabel = "PATH", description = "a file or folder, from /")
  String path = "";

  DumpCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    if (!archive.equals("tar") && !archive.equals("zip")) {
      throw new HoldfastException.Rejected(
          "there is no archive format '" + archive + "'", "the formats are tar and zip");
    }
    try (RepositoryAccess access = filter.openForReading(session)) {
      SnapshotPath start =
          new Snapshots(access.repository()).find(snapshot, filter.filter(session.environment()));
      Walker walker = new Walker(access.repository());
      SnapshotPath wanted = at(start, path);
      String shown = Paths.clean("/" + path);
      EntryView entry = shown.equals("/") ? null : walker.entryAt(wanted);
      if (entry != null && !entry.isFile() && !entry.isDirectory()) {
        throw new HoldfastException.Rejected(
            "'%s' is neither a file nor a folder but a %s".formatted(path, entry.type()), "");
      }
      if (entry != null && entry.isFile()) {
        writeFile(access.repository(), start, entry);
      } else {
        writeArchive(walker, wanted, shown, new FileContent(access.repository()));
      }
    }
    return ExitCode.DONE;
  }

  private void writeFile(Repository repository, SnapshotPath start, EntryView file)
      throws IOException {
    if (asStored) {
      write(new FileContent(repository), file);
      return;
    }
    ExportSource source =
        new ExportSource(
            repository,
            start,
            session.engines(),
            "holdfast " + session.version(),
            scratch.folder(session));
    try (ArchiveProgress progress = new ArchiveProgress(session, false);
        DumpedFile dumped = new DumpedFile(source, progress)) {
      write(dumped.content(file), file);
    }
  }

  private void write(EntryContent content, EntryView file) throws IOException {
    try (OutputStream out = open()) {
      content.writeTo(file, out);
    }
  }

  private static SnapshotPath at(SnapshotPath start, String path) {
    return new SnapshotPath(start.snapshot(), Paths.clean(start.path() + "/" + path));
  }

  private OutputStream open() throws IOException {
    OutputStream raw =
        target == null ? session.console().outputStream() : Files.newOutputStream(Path.of(target));
    return new BufferedOutputStream(raw, BUFFER_BYTES);
  }

  private void writeArchive(Walker walker, SnapshotPath folder, String shown, FileContent content)
      throws IOException {
    if (target == null && session.console().outputIsTerminal()) {
      throw new HoldfastException.Rejected(
          "an archive would go to the terminal", "redirect it, or name a file with --target");
    }
    try (OutputStream out = open();
        EntryArchive writer = archive.equals("zip") ? new ZipArchive(out) : new TarArchive(out)) {
      EntryArchive.addTree(writer, walker, folder, shown, content);
    }
  }
}
