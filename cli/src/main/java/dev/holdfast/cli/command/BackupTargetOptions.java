package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.backup.PathExpansion;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.filter.PatternFile;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.stream.CommandSource;
import dev.holdfast.engine.source.stream.InputSource;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What a backup takes: apps, paths, lists of paths, servers, or a stream.
final class BackupTargetOptions {
  @Parameters(
      paramLabel = "APP|PATH",
      arity = "0..*",
      description =
          "apps of the configuration, files, databases and folders; with --stdin-from-command the"
              + " command")
  List<String> paths = new ArrayList<>();

  @Option(
      names = "--files-from",
      paramLabel = "FILE",
      description = "take paths and patterns from this file, one a line, repeatable")
  List<String> filesFrom = new ArrayList<>();

  @Option(
      names = "--files-from-verbatim",
      paramLabel = "FILE",
      description = "take paths from this file, one a line as they are")
  List<String> filesFromVerbatim = new ArrayList<>();

  @Option(
      names = "--files-from-raw",
      paramLabel = "FILE",
      description = "take paths from this file, each ended by a zero byte")
  List<String> filesFromRaw = new ArrayList<>();

  @Option(names = "--stdin", description = "back up standard input as one file")
  boolean stdin;

  @Option(
      names = "--stdin-from-command",
      description = "back up the output of a command as one file, if the command succeeds")
  boolean stdinFromCommand;

  @Option(
      names = "--stdin-filename",
      paramLabel = "NAME",
      description = "name of that file (default: stdin)")
  String stdinFilename = "stdin";

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description =
          "take the database of a PostgreSQL server, repeatable; as libpq has it, so that its"
              + " password may come from ~/.pgpass or $PGPASSWORD")
  List<String> postgres = new ArrayList<>();

  /// What was named.
  ///
  /// @param apps each a backup of its own
  /// @param targets paths or a stream; may be none
  /// @param postgres addresses of databases, in one backup with the paths
  record Named(List<App> apps, BackupTargets targets, List<String> postgres) {
    boolean hasPaths() {
      return !targets.paths().isEmpty() || !targets.virtualFiles().isEmpty() || !postgres.isEmpty();
    }
  }

  Named named(Session session) {
    if (stdin || stdinFromCommand) {
      return new Named(
          List.of(),
          BackupTargets.ofStream(new VirtualFile(stdinFilename, stream(session))),
          List.of());
    }
    List<App> apps = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (String argument : paths) {
      AppArgument.named(session, argument).ifPresentOrElse(apps::add, () -> all.add(argument));
    }
    all.forEach(path -> tellOfLink(session, path));
    readLists(session, all);
    Named named =
        new Named(apps.stream().distinct().toList(), BackupTargets.ofPaths(all), postgres);
    if (apps.isEmpty() && !named.hasPaths()) {
      throw new HoldfastException.Rejected(
          "nothing to back up was named",
          AppArgument.names(session)
              .map(names -> "name a database, a file or a folder, or an app: " + names)
              .orElse("name a database, a file or a folder"));
    }
    return named;
  }

  /// As restic, a backup stores a link that is named, and not what it leads to; hardly anybody who
  /// names the link to a database means that.
  private static void tellOfLink(Session session, String path) {
    String link = UnixPath.clean(path);
    try {
      if (Posix.lstat(link).type() == FileType.SYMLINK) {
        String message =
            "only the symbolic link is stored, not what it leads to: "
                + OsString.display(Posix.readlinkat(OpenFlag.AT_FDCWD, link));
        session.console().errorLine(ItemLines.warning(session.globals().json(), path, message));
      }
    } catch (PosixException e) {
      // The backup says what is wrong with it.
    }
  }

  private void readLists(Session session, List<String> all) {
    try {
      for (String file : filesFrom) {
        for (String line : PatternFile.lines(read(session, file))) {
          String trimmed = line.strip();
          if (!trimmed.isEmpty() && !trimmed.startsWith("#")) {
            all.addAll(expanded(session, trimmed));
          }
        }
      }
      for (String file : filesFromVerbatim) {
        PatternFile.lines(read(session, file)).stream()
            .filter(line -> !line.isEmpty())
            .forEach(all::add);
      }
      for (String file : filesFromRaw) {
        all.addAll(raw(file, OsString.decode(read(session, file))));
      }
    } catch (NoSuchFileException e) {
      throw new HoldfastException.NotFound(
          "the list of paths " + e.getFile() + " does not exist", "check its name");
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "a list of paths cannot be read: " + Reason.of(e), "", e);
    }
  }

  /// As restic: what is listed by a pattern may come and go, so that one without a match is told
  /// and no failure.
  private static List<String> expanded(Session session, String line) {
    if (!PathExpansion.isPattern(line)) {
      return List.of(line);
    }
    List<String> found = PathExpansion.expand(line);
    if (found.isEmpty()) {
      session
          .console()
          .errorLine("pattern '" + OsString.display(line) + "' matches nothing and is left out");
    }
    return found;
  }

  /// The paths of a list with zero bytes. One that was cut off on its way names something else than
  /// was meant, perhaps the root.
  private static List<String> raw(String file, String content) {
    if (content.isEmpty()) {
      return List.of();
    }
    if (!content.endsWith("\0")) {
      throw new HoldfastException.Rejected(
          "the list of paths '" + file + "' is cut off: no zero byte is at its end",
          "end each path with a zero byte, as 'find -print0' does");
    }
    List<String> paths = List.of(content.substring(0, content.length() - 1).split("\0", -1));
    if (paths.contains("")) {
      throw new HoldfastException.Rejected(
          "the list of paths '" + file + "' has an empty path in it", "take it out");
    }
    return paths;
  }

  private StreamSource stream(Session session) {
    if (stdin && stdinFromCommand) {
      throw new HoldfastException.Rejected(
          "--stdin and --stdin-from-command were both given", "give one of them");
    }
    boolean lists = !(filesFrom.isEmpty() && filesFromVerbatim.isEmpty() && filesFromRaw.isEmpty());
    if (lists || !postgres.isEmpty() || (stdin && !paths.isEmpty())) {
      throw new HoldfastException.Rejected(
          "a stream and paths cannot be in one backup", "make two backups");
    }
    return stdin ? new InputSource(session.input()) : new CommandSource(paths);
  }

  private static byte[] read(Session session, String file) throws IOException {
    return file.equals("-") ? session.input().readAllBytes() : Files.readAllBytes(Path.of(file));
  }
}
