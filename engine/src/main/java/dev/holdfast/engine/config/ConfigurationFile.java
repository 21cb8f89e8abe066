package dev.holdfast.engine.config;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the configuration is: a few questions to the file system, and no class of YAML.
public final class ConfigurationFile {
  public static final String NAME = "holdfast.yaml";

  private ConfigurationFile() {}

  /// The first file of the name that exists: in the working directory, in `holdfast` of the user's
  /// configuration folder, in the system's.
  ///
  /// @param given what `--config` or `HOLDFAST_CONFIG` names; it must exist
  /// @param places the folders to look in, in order
  /// @throws HoldfastException.NotFound if the one that was named does not exist
  public static Optional<Path> find(Optional<String> given, List<Path> places) {
    if (given.isPresent()) {
      Path file = Path.of(given.get());
      if (!Files.exists(file)) {
        throw new HoldfastException.NotFound(
            "the configuration " + file + " does not exist",
            "'holdfast config init FOLDER' writes one");
      }
      return Optional.of(file);
    }
    for (Path place : places) {
      Path file = place.resolve(NAME);
      if (Files.exists(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
