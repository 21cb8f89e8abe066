package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.query.Statistics;
import dev.holdfast.engine.query.Statistics.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "stats", description = "Count what snapshots hold and take")
final class StatsCommand implements Callable<Integer> {
  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "restore-size (default), files-by-contents, blobs-per-file or raw-data")
  String mode = "restore-size";

  @Parameters(paramLabel = "SNAPSHOT", arity = "0..*", description = "ids, or latest; or all")
  List<String> names = new ArrayList<>();

  StatsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Mode counted = Mode.parse(mode);
    try (RepositoryAccess access = filter.openForReading(session)) {
      boolean json = session.globals().json();
      if (!json) {
        session.console().line("scanning...");
        session.console().flush();
      }
      PassedOver damaged = new PassedOver(session);
      Statistics.Result result =
          new Statistics(access.repository(), counted)
              .of(
                  new Snapshots(access.repository())
                      .select(names, filter.filter(session.environment()), damaged));
      session.console().text(json ? json(result) + "\n" : text(result));
      return damaged.status();
    }
  }

  private static double ratio(Statistics.Result result) {
    return result.compressedBytes() == 0
        ? 0
        : (double) result.compressedPlainBytes() / result.compressedBytes();
  }

  private static double progress(Statistics.Result result) {
    return result.uncompressedBytes() == 0
        ? 0
        : (double) result.compressedPlainBytes() / result.uncompressedBytes() * 100;
  }

  private static double saving(Statistics.Result result) {
    return result.uncompressedBytes() == 0
        ? 0
        : (1 - (double) result.bytes() / result.uncompressedBytes()) * 100;
  }

  private static String json(Statistics.Result result) {
    Json json =
        Json.object()
            .field("total_size", result.bytes())
            .nonZero("total_uncompressed_size", result.uncompressedBytes());
    nonZero(json, "compression_ratio", ratio(result));
    nonZero(json, "compression_progress", progress(result));
    nonZero(json, "compression_space_saving", saving(result));
    return json.nonZero("total_file_count", result.files())
        .nonZero("total_blob_count", result.blobs())
        .field("snapshots_count", result.snapshots())
        .end();
  }

  private static void nonZero(Json json, String name, double value) {
    if (value != 0) {
      json.field(name, value);
    }
  }

  private String text(Statistics.Result result) {
    StringBuilder text = new StringBuilder("Stats in " + mode + " mode:\n");
    line(text, "Snapshots processed", Integer.toString(result.snapshots()));
    if (result.blobs() > 0) {
      line(text, "Total Blob Count", Long.toString(result.blobs()));
    }
    if (result.files() > 0) {
      line(text, "Total File Count", Long.toString(result.files()));
    }
    if (result.uncompressedBytes() > 0) {
      line(text, "Total Uncompressed Size", padded(result.uncompressedBytes()));
    }
    line(text, "Total Size", padded(result.bytes()));
    if (progress(result) > 0) {
      line(text, "Compression Progress", number(progress(result)) + "%");
    }
    if (ratio(result) > 0) {
      line(text, "Compression Ratio", number(ratio(result)) + "x");
    }
    if (saving(result) > 0) {
      line(text, "Compression Space Saving", number(saving(result)) + "%");
    }
    return text.toString();
  }

  private static String padded(long bytes) {
    return "%-5s".formatted(Sizes.bytes(bytes));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%24s:  %s\n".formatted(name, value));
  }
}
