package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Environment;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.repository.SnapshotFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that choose among snapshots, with restic's meaning.
final class SnapshotFilterOptions {
  @Option(
      names = {"-H", "--host"},
      paramLabel = "HOST",
      description = "only snapshots of this host, repeatable (default: $RESTIC_HOST)")
  @Nullable List<String> hosts;

  @Option(
      names = "--tag",
      paramLabel = "TAG[,TAG...]",
      description = "only snapshots with all of these tags; repeated: with all of any list")
  List<String> tags = new ArrayList<>();

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "only snapshots of this absolute path, repeatable: of all of them")
  List<String> paths = new ArrayList<>();

  @Option(
      names = "--app",
      paramLabel = "APP",
      description = "only snapshots of this app of the configuration")
  @Nullable String app;

  SnapshotFilter filter(Environment environment) {
    List<String> wanted = hosts;
    if (wanted == null) {
      wanted = environment.setting("HOST").map(List::of).orElse(List.of());
    }
    if (wanted.equals(List.of(""))) {
      wanted = List.of();
    }
    SnapshotFilter filter =
        new SnapshotFilter(wanted, tags.stream().map(TagList::parse).toList(), paths);
    return app == null ? filter : AppSnapshots.of(app, filter);
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
