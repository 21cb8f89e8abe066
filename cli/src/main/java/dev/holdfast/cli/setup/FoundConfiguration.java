package dev.holdfast.cli.setup;

import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.ConfigurationFile;
import dev.holdfast.engine.config.ConfigurationLoader;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The configuration of a run: looked for, and read, when it is first asked for and not before.
final class FoundConfiguration {
  private static final Path SYSTEM = Path.of("/etc/holdfast");
  private static final int WRITABLE_BY_OTHERS = 0002;
  private static final long ROOT = 0;

  private final GlobalOptions globals;
  private final Environment environment;
  private boolean searched;
  private @Nullable Path file;
  private @Nullable Configuration loaded;

  FoundConfiguration(GlobalOptions globals, Environment environment) {
    this.globals = globals;
    this.environment = environment;
  }

  /// The file: named by option or environment, or found.
  Optional<Path> file(String workingDirectory) {
    if (!searched) {
      Optional<String> given = given();
      Path here = Path.of(workingDirectory);
      file =
          ConfigurationFile.find(
                  given, List.of(here, environment.configurationHome().resolve("holdfast"), SYSTEM))
              .orElse(null);
      if (given.isEmpty() && file != null) {
        requireTrusted(file);
      }
      searched = true;
    }
    return Optional.ofNullable(file);
  }

  /// The file that option or environment name, whether it exists or not.
  Optional<String> given() {
    return Optional.ofNullable(globals.configuration)
        .or(() -> environment.variable("HOLDFAST_CONFIG"));
  }

  /// What the file says; empty if there is none.
  ///
  /// @throws HoldfastException.Rejected if it is not right
  Optional<Configuration> load(String workingDirectory) {
    if (loaded == null) {
      loaded =
          file(workingDirectory)
              .map(path -> ConfigurationLoader.load(path, environment.variables()))
              .orElse(null);
    }
    return Optional.ofNullable(loaded);
  }

  /// A configuration names commands that are run. One that was merely come across, in a folder that
  /// others can write to, must not.
  private static void requireTrusted(Path path) {
    try {
      FileStat stat = Posix.stat(path.toString());
      boolean trusted =
          (stat.uid() == ROOT || stat.uid() == Posix.geteuid())
              && (stat.mode() & WRITABLE_BY_OTHERS) == 0;
      if (!trusted) {
        throw new HoldfastException.Rejected(
            "the configuration " + path + " belongs to another user or can be written by everybody",
            "if you trust what it says, name it with --config");
      }
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput(
          "the configuration " + path + " cannot be read: " + Reason.of(e), "", e);
    }
  }
}
