package dev.holdfast.cli.setup;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Which repository a command is about: options, then the environment.
final class RepositoryChoice {
  private RepositoryChoice() {}

  /// The location that was given; empty if none was.
  static Optional<String> given(GlobalOptions globals, Environment environment) {
    if (globals.repository != null && globals.repositoryFile != null) {
      throw both("--repo", "--repository-file");
    }
    if (globals.repository != null) {
      return Optional.of(globals.repository);
    }
    if (globals.repositoryFile != null) {
      return Optional.of(read(globals.repositoryFile));
    }
    for (String prefix : new String[] {"HOLDFAST_", "RESTIC_"}) {
      Optional<String> location = environment.variable(prefix + "REPOSITORY");
      Optional<String> file = environment.variable(prefix + "REPOSITORY_FILE");
      if (location.isPresent() && file.isPresent()) {
        throw both(prefix + "REPOSITORY", prefix + "REPOSITORY_FILE");
      }
      if (location.isPresent() || file.isPresent()) {
        return location.or(() -> file.map(RepositoryChoice::read));
      }
    }
    return Optional.empty();
  }

  private static String read(String file) {
    return new String(TextFile.read("repository file", file), StandardCharsets.UTF_8);
  }

  private static HoldfastException.Rejected both(String one, String other) {
    return new HoldfastException.Rejected(
        one + " and " + other + " were both given", "give one of them");
  }
}
