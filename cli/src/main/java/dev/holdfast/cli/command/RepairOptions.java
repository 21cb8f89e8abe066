package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.repository.repair.Keepsake;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What all repairs have in common: they show first what they are going to do, and keep what they
/// take away.
final class RepairOptions {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  @Option(
      names = {"-n", "--dry-run"},
      description = "say what would be done, do nothing")
  boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask before anything is changed")
  boolean yes;

  @Option(
      names = "--keep-in",
      paramLabel = "FOLDER",
      description = "where copies of what is removed are kept (default: a new folder here)")
  @Nullable String keepIn;

  /// Where copies go.
  Keepsake keepsake(Session session) {
    String name =
        "holdfast-repair-" + STAMP.format(session.clock().instant().atOffset(ZoneOffset.UTC));
    return new Keepsake(
        Path.of(session.workingDirectory()).resolve(keepIn == null ? name : keepIn));
  }

  /// Whether to go on: in a dry run never, and a person at a terminal is asked.
  boolean goesOn(Session session) {
    if (dryRun) {
      return false;
    }
    return yes || !session.console().outputIsTerminal() || Confirmation.given(session, "yes");
  }

  /// Says where the state before is.
  static void sayKept(Session session, Keepsake keepsake) {
    if (keepsake.kept() > 0 && !session.globals().quiet()) {
      session
          .console()
          .line(
              "what was removed is kept in "
                  + keepsake.folder()
                  + "; delete that when you are content with the repository");
    }
  }
}
