package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.filter.PatternFile;
import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.stream.CommandSource;
import dev.holdfast.engine.source.stream.InputSource;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    readLists(session, all);
    Named named = new Named(apps, BackupTargets.ofPaths(all), postgres);
    if (apps.isEmpty() && !named.hasPaths()) {
      throw new HoldfastException.Rejected(
          "nothing to back up was named",
          AppArgument.names(session)
              .map(names -> "name a database, a file or a folder, or an app: " + names)
              .orElse("name a database, a file or a folder"));
    }
    return named;
  }

  private void readLists(Session session, List<String> all) {
    try {
      for (String file : filesFrom) {
        for (String line : PatternFile.lines(read(session, file))) {
          String trimmed = line.strip();
          if (!trimmed.isEmpty() && !trimmed.startsWith("#")) {
            all.addAll(GlobExpansion.expand(trimmed));
          }
        }
      }
      for (String file : filesFromVerbatim) {
        PatternFile.lines(read(session, file)).stream()
            .filter(line -> !line.isEmpty())
            .forEach(all::add);
      }
      for (String file : filesFromRaw) {
        Arrays.stream(OsString.decode(read(session, file)).split("\0", -1))
            .filter(path -> !path.isEmpty())
            .forEach(all::add);
      }
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "a list of paths cannot be read: " + e.getMessage(), "", e);
    }
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
