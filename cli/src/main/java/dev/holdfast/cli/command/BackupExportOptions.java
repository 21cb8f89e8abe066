package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.GoDuration;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a backup that goes into no repository: exports in the databases' own portable
/// form, into a folder.
final class BackupExportOptions {
  private static final String REPOSITORY = "repository";
  private static final String EXPORT = "export";
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "repository (default), or export: EXPORT DATABASE of DuckDB, into --target")
  String format = REPOSITORY;

  @Option(
      names = "--target",
      paramLabel = "FOLDER",
      description = "with --format export: where the exports go, a folder or s3:HOST/BUCKET/PREFIX")
  @Nullable String target;

  @Option(
      names = "--keep",
      paramLabel = "COUNT",
      description = "with --format export: keep so many, remove older ones (default: all)")
  @Nullable Integer keep;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "with --format export: go on, and export again after so long, such as 60m")
  @Nullable String every;

  @Option(
      names = "--scratch",
      paramLabel = "FOLDER",
      description = "with --format export: where copies are put (default: $TMPDIR or /tmp)")
  @Nullable String scratch;

  /// Whether it is an export that is wanted.
  ///
  /// @throws HoldfastException.Rejected if the options do not fit together
  boolean isExport() {
    if (!format.equals(REPOSITORY) && !format.equals(EXPORT)) {
      throw new HoldfastException.Rejected(
          "there is no format '" + format + "' of a backup", "the formats are repository, export");
    }
    boolean wanted = format.equals(EXPORT);
    boolean others = target != null || keep != null || every != null || scratch != null;
    if (!wanted && others) {
      throw new HoldfastException.Rejected(
          "--target, --keep, --every and --scratch are for exports", "add --format export");
    }
    if (wanted && target == null) {
      throw new HoldfastException.Rejected(
          "an export needs a folder to go to", "name one with --target");
    }
    if (keep != null && keep < 1) {
      throw new HoldfastException.Rejected(
          "--keep " + keep + " would remove the export that was just made", "keep at least 1");
    }
    return wanted;
  }

  String target() {
    if (target == null) {
      throw new IllegalStateException("asked for before it was checked");
    }
    return target;
  }

  OptionalInt keep() {
    return keep == null ? OptionalInt.empty() : OptionalInt.of(keep);
  }

  /// The time from one export to the next; empty for one alone.
  Optional<Duration> every() {
    return Optional.ofNullable(every)
        .map(text -> {
          Duration interval = GoDuration.parse("--every", text);
          if (interval.compareTo(SHORTEST) < 0) {
            throw new HoldfastException.Rejected(
                "--every " + text + " is shorter than a second",
                "the names of exports have seconds");
          }
          return interval;
        });
  }
}
