package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Environment;
import dev.holdfast.repository.SnapshotFilter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that choose among snapshots, as nearly all commands have them.
final class SnapshotFilterOptions extends NarrowingOptions {
  @Option(
      names = {"-H", "--host"},
      paramLabel = "HOST",
      description = "only snapshots of this host, repeatable (default: $RESTIC_HOST)")
  @Nullable List<String> hosts;

  SnapshotFilter filter(Environment environment) {
    return filter(hosts, environment);
  }

  /// Tags as options take them.
  static final class TagList {
    private TagList() {}

    /// Splits at commas; the empty text is no tag, which matches snapshots without any.
    static List<String> parse(String text) {
      return Arrays.stream(text.split(",", -1)).filter(tag -> !tag.isEmpty()).toList();
    }
  }
}
