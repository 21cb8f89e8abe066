package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.archive.DatabaseExports;
import dev.holdfast.engine.archive.ExportObserver;
import dev.holdfast.engine.archive.ExportReport;
import dev.holdfast.repository.store.DistantFolder;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Where exports of databases go: a folder, or a place on another machine.
final class ExportPlace {
  private static final Pattern DISTANT = Pattern.compile("(?:s3|rest|sftp):");

  private ExportPlace() {}

  /// Whether it is not on this machine. A folder of such a name is `./NAME`.
  static boolean isDistant(String target) {
    return DISTANT.matcher(target).lookingAt();
  }

  /// Exports to a place.
  ///
  /// @param target as a person named it
  static ExportReport with(
      Session session,
      String target,
      Path scratch,
      ExportObserver observer,
      Function<DatabaseExports, ExportReport> exporting) {
    String program = "holdfast " + session.version();
    if (!isDistant(target)) {
      return exporting.apply(new DatabaseExports(Path.of(target), scratch, program, observer));
    }
    try (DistantFolder folder = session.folder(target)) {
      DatabaseExports.Distant distant =
          new DatabaseExports.Distant(folder, session.engines(), session.clock());
      return exporting.apply(new DatabaseExports(distant, scratch, program, observer));
    }
  }
}
