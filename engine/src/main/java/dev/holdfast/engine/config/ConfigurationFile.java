package dev.holdfast.engine.config;

import dev.holdfast.posix.FileType;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where the configuration is: a few questions to the file system, and no class of YAML.
public final class ConfigurationFile {
  public static final String NAME = "holdfast.yaml";

  /// What this process has open has a writer, or had one: it is not waited for.
  private static final Pattern OPEN = Pattern.compile("/dev/(fd/\\d+|stdin)|/proc/self/fd/\\d+");

  private ConfigurationFile() {}

  /// The first file of the name that exists: in the working directory, in `holdfast` of the user's
  /// configuration folder, in the system's.
  ///
  /// @param given what `--config` or `HOLDFAST_CONFIG` names; it must exist. May be a pipe that is
  ///   open already, as a shell makes one of `<(COMMAND)`
  /// @param places the folders to look in, in order
  /// @throws HoldfastException.NotFound if the one that was named does not exist
  /// @throws HoldfastException.Rejected if it is no file: nobody should wait for what a pipe says
  public static Optional<Path> find(Optional<String> given, List<Path> places) {
    if (given.isPresent()) {
      if (given.get().isEmpty()) {
        throw new HoldfastException.Rejected(
            "the name of the configuration is empty", "name a file, or leave --config out");
      }
      Path file = Path.of(given.get());
      if (!Files.exists(file)) {
        throw new HoldfastException.NotFound(
            "the configuration " + file + " does not exist",
            "'holdfast config init FOLDER' writes one");
      }
      return Optional.of(requireFile(file));
    }
    for (Path place : places) {
      Path file = place.resolve(NAME);
      if (Files.exists(file)) {
        return Optional.of(requireFile(file));
      }
    }
    return Optional.empty();
  }

  private static Path requireFile(Path file) {
    try {
      FileType type = Posix.stat(file.toString()).type();
      switch (type) {
        case REGULAR -> {}
        case FIFO -> {
          if (!OPEN.matcher(file.toString()).matches()) {
            throw refused(
                file, "a pipe", "name a file, or give <(COMMAND) in a shell that knows it");
          }
        }
        case DIRECTORY ->
            throw refused(file, "a folder", "name the file, such as " + file + "/" + NAME);
        case SOCKET -> throw refused(file, "a socket", "name a file");
        case CHARACTER_DEVICE, BLOCK_DEVICE -> throw refused(file, "a device", "name a file");
        case SYMLINK, UNKNOWN -> throw refused(file, "something else", "name a file");
      }
      return file;
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput(
          "the configuration " + file + " cannot be read: " + Reason.of(e), "", e);
    }
  }

  private static HoldfastException refused(Path file, String what, String hint) {
    return new HoldfastException.Rejected(
        "the configuration " + file + " is " + what + ", not a file", hint);
  }
}
