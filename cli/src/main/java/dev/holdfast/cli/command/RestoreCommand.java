package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Environment;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.restore.PatternSelection;
import dev.holdfast.engine.restore.SnapshotRestore;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.restore.Overwrite;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.RestoreResult;
import dev.holdfast.repository.restore.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "restore", description = "Write the content of a snapshot into a folder")
final class RestoreCommand implements Callable<Integer> {
  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Mixin ExcludeOptions excludes = new ExcludeOptions();

  @Mixin IncludeOptions includes = new IncludeOptions();

  @Option(
      names = {"-t", "--target"},
      paramLabel = "FOLDER",
      required = true,
      description = "where the content goes")
  String target = "";

  @Option(
      names = "--overwrite",
      paramLabel = "WHEN",
      description = "what exists is replaced: always (default), if-changed, if-newer or never")
  String overwrite = "always";

  @Option(
      names = "--exclude-xattr",
      paramLabel = "PATTERN",
      description = "attributes to leave out")
  List<String> excludedAttributes = new ArrayList<>();

  @Option(names = "--include-xattr", paramLabel = "PATTERN", description = "attributes to restore")
  List<String> includedAttributes = new ArrayList<>();

  @Option(names = "--sparse", description = "make holes of runs of zeros")
  boolean sparse;

  @Option(names = "--verify", description = "read every restored file again and compare")
  boolean verify;

  @Option(names = "--delete", description = "remove from the target what the snapshot has not")
  boolean delete;

  @Option(names = "--dry-run", description = "write nothing, say what would be done")
  boolean dryRun;

  @Parameters(paramLabel = "SNAPSHOT[:PATH]", description = "a snapshot's id, or latest")
  String snapshot = "";

  RestoreCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RestoreOptions options = options();
    try (RepositoryAccess access = filter.openForReading(session)) {
      SnapshotPath from =
          new Snapshots(access.repository()).find(snapshot, filter.filter(session.environment()));
      if (!session.globals().json() && !session.globals().quiet()) {
        session.console().line("restoring " + SnapshotText.of(from.snapshot()) + " to " + target);
      }
      RestoreProgress progress = new RestoreProgress(session);
      RestoreResult result;
      try (progress) {
        result =
            new SnapshotRestore(access.repository(), session.engines())
                .run(from, target, options, progress);
      }
      progress.finish(result, target, verify);
      sayIfNothingMatched(from, result);
      return status(result);
    }
  }

  private RestoreOptions options() {
    if (target.isEmpty()) {
      throw new HoldfastException.Rejected(
          "--target is empty", "name a directory that you may write to");
    }
    if (!excludes.isEmpty() && !includes.isEmpty()) {
      throw new HoldfastException.Rejected(
          "patterns to include and to exclude were both given", "give one kind");
    }
    if (dryRun && verify) {
      throw new HoldfastException.Rejected(
          "--dry-run and --verify were both given", "give one of them");
    }
    if (delete
        && excludes.isEmpty()
        && includes.isEmpty()
        && OwnRecoveries.isSameFile(target, "/")) {
      throw new HoldfastException.Rejected(
          "--delete on / would remove the system", "say with --include what it is about");
    }
    return RestoreOptions.DEFAULT
        .withOverwrite(
            Overwrite.parse(overwrite)
                .orElseThrow(() ->
                    new HoldfastException.Rejected(
                        "'" + overwrite + "' is no way to overwrite",
                        "the words are always, if-changed, if-newer and never")))
        .withSelection(selection())
        .withAttributes(attributes())
        .withSparse(sparse)
        .withDryRun(dryRun)
        .withVerify(verify)
        .withDelete(delete);
  }

  private Selection selection() {
    if (!excludes.isEmpty()) {
      return PatternSelection.excluding(excludes.filters(session.environment()));
    }
    return includes.isEmpty()
        ? Selection.ALL
        : PatternSelection.including(includes.filters(session.environment()));
  }

  private Predicate<String> attributes() {
    if (!excludedAttributes.isEmpty() && !includedAttributes.isEmpty()) {
      throw new HoldfastException.Rejected(
          "--include-xattr and --exclude-xattr were both given", "give one of them");
    }
    PathFilter included = PathFilter.of(includedAttributes);
    PathFilter excluded = PathFilter.of(excludedAttributes);
    return name ->
        (includedAttributes.isEmpty() || included.matches(name)) && !excluded.matches(name);
  }

  /// A pattern that names nothing is a slip, which a script would not notice.
  private void sayIfNothingMatched(SnapshotPath from, RestoreResult result) {
    if (includes.isEmpty() || !result.isUntouched()) {
      return;
    }
    String below = from.path().equals("/") ? "" : ":" + OsString.display(from.path());
    session
        .console()
        .errorLine(
            "warning: nothing was restored: no pattern of --include matches anything; 'holdfast ls"
                + " %s%s' lists what there is".formatted(from.snapshot().shortId(), below));
  }

  private int status(RestoreResult result) {
    if (result.isComplete()) {
      return ExitCode.DONE;
    }
    new Failure(
            ExitCode.FAILED,
            "there were %d errors: the restore is not complete".formatted(result.errors()),
            "the messages above name what is missing")
        .print(session.console(), session.globals().json());
    return ExitCode.FAILED;
  }

  /// Patterns of what is restored.
  static final class IncludeOptions {
    @Option(
        names = {"-i", "--include"},
        paramLabel = "PATTERN",
        description = "restore only what matches, repeatable")
    List<String> includes = new ArrayList<>();

    @Option(
        names = "--iinclude",
        paramLabel = "PATTERN",
        description = "as --include, upper and lower case being equal")
    List<String> caseless = new ArrayList<>();

    @Option(
        names = "--include-file",
        paramLabel = "FILE",
        description = "file of patterns, one a line, repeatable")
    List<String> files = new ArrayList<>();

    @Option(
        names = "--iinclude-file",
        paramLabel = "FILE",
        description = "as --include-file, upper and lower case being equal")
    List<String> caselessFiles = new ArrayList<>();

    boolean isEmpty() {
      return includes.isEmpty() && caseless.isEmpty() && files.isEmpty() && caselessFiles.isEmpty();
    }

    List<PathFilter> filters(Environment environment) {
      return List.of(
          PathFilter.of(ExcludeOptions.with(includes, files, environment)),
          PathFilter.ignoringCase(ExcludeOptions.with(caseless, caselessFiles, environment)));
    }
  }
}
