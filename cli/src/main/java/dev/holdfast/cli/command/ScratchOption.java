package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where databases are put that have to be opened on the way.
final class ScratchOption {
  @Option(
      names = "--scratch",
      paramLabel = "FOLDER",
      description = "where to put databases that have to be opened (default: $TMPDIR or /tmp)")
  @Nullable String folder;

  Path folder(Session session) {
    return Path.of(
        folder != null ? folder : session.environment().variables().getOrDefault("TMPDIR", "/tmp"));
  }
}
