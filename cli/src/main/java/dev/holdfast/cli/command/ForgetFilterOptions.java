package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Environment;
import dev.holdfast.repository.SnapshotFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that choose among snapshots where `-H` is `--keep-hourly`.
final class ForgetFilterOptions extends NarrowingOptions {
  @Option(
      names = {"--host", "--hostname"},
      paramLabel = "HOST",
      description = "only snapshots of this host, repeatable (default: $RESTIC_HOST)")
  @Nullable List<String> hosts;

  SnapshotFilter filter(Environment environment) {
    return filter(hosts, environment);
  }
}
