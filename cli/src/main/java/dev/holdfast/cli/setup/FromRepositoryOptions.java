package dev.holdfast.cli.setup;

import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that name a second repository, with restic's words and variables: those of the first
/// with `from` put in.
public final class FromRepositoryOptions {
  private static final List<String> PREFIXES = List.of("HOLDFAST_", "RESTIC_");
  private static final List<String> NAMES =
      List.of(
          "REPOSITORY",
          "REPOSITORY_FILE",
          "PASSWORD",
          "PASSWORD_FILE",
          "PASSWORD_COMMAND",
          "KEY_HINT");

  @Option(
      names = "--from-repo",
      paramLabel = "REPOSITORY",
      description =
          "the other repository, or the name of one of the configuration (default:"
              + " $RESTIC_FROM_REPOSITORY)")
  @Nullable String repository;

  @Option(
      names = "--from-repository-file",
      paramLabel = "FILE",
      description =
          "file that holds the other repository's location (default:"
              + " $RESTIC_FROM_REPOSITORY_FILE)")
  @Nullable String repositoryFile;

  @Option(
      names = "--from-password-file",
      paramLabel = "FILE",
      converter = EmptyIsUnset.class,
      description =
          "file that holds the other repository's password (default: $RESTIC_FROM_PASSWORD_FILE)")
  @Nullable String passwordFile;

  @Option(
      names = "--from-password-command",
      paramLabel = "COMMAND",
      converter = EmptyIsUnset.class,
      description =
          "command that prints the other repository's password (default:"
              + " $RESTIC_FROM_PASSWORD_COMMAND)")
  @Nullable String passwordCommand;

  @Option(
      names = "--from-key-hint",
      paramLabel = "KEY",
      converter = EmptyIsUnset.class,
      description =
          "id of the other repository's key to try first (default: $RESTIC_FROM_KEY_HINT)")
  @Nullable String keyHint;

  @Option(
      names = "--from-insecure-no-password",
      description = "use an empty password for the other repository (insecure)")
  boolean insecureNoPassword;

  /// Opens the other repository, which nobody is told to create if it is missing.
  ///
  /// @param how the way in which a run on it opens it
  /// @throws HoldfastException.Rejected if neither options nor environment name it
  public RepositoryAccess open(Session session, Function<Session, RepositoryAccess> how) {
    Session there = there(session);
    try {
      return how.apply(there);
    } catch (HoldfastException.NoRepository e) {
      throw new HoldfastException.NoRepository(
          String.valueOf(e.getMessage()),
          "check the address: it is the repository to copy from, and that has to be there");
    }
  }

  /// A run on the other repository in the surroundings of this one.
  private Session there(Session session) {
    Environment environment = environment(session.environment());
    boolean named =
        repository != null
            || repositoryFile != null
            || environment.setting("REPOSITORY").isPresent()
            || environment.setting("REPOSITORY_FILE").isPresent();
    if (!named) {
      throw new HoldfastException.Rejected(
          "the repository to copy from was not named",
          "name it with --from-repo or RESTIC_FROM_REPOSITORY");
    }
    GlobalOptions globals = session.globals().elsewhere();
    globals.repository = repository;
    globals.repositoryFile = repositoryFile;
    globals.passwordFile = passwordFile;
    globals.passwordCommand = passwordCommand;
    globals.keyHint = keyHint;
    globals.insecureNoPassword = insecureNoPassword;
    return session.elsewhere(globals, environment, "source");
  }

  /// The environment with the other repository's variables in the places of the first one's.
  private static Environment environment(Environment given) {
    Map<String, String> variables = new TreeMap<>(given.variables());
    for (String prefix : PREFIXES) {
      for (String name : NAMES) {
        variables.remove(prefix + name);
        given
            .variable(prefix + "FROM_" + name)
            .ifPresent(value -> variables.put(prefix + name, value));
      }
    }
    return new Environment(variables);
  }

  /// A run on a repository of the configuration, whichever the options and the environment name.
  public static Session configured(Session session, String name) {
    GlobalOptions globals = session.globals().elsewhere();
    globals.repository = name;
    return session.elsewhere(globals, session.environment(), name);
  }

  /// The same for a repository that is opened beside what was asked for, which is no reason to ask
  /// a person for its password.
  ///
  /// @throws HoldfastException.Rejected if it cannot be opened otherwise
  public static Session configuredUnasked(Session session, String name) {
    Session there = configured(session, name);
    if (!there.passwords().areGiven()) {
      throw new HoldfastException.Rejected(
          "neither the configuration nor the environment says what its password is", "");
    }
    return there;
  }
}
