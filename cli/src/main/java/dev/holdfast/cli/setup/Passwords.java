package dev.holdfast.cli.setup;

import dev.holdfast.cli.terminal.PasswordPrompt;
import dev.holdfast.engine.config.Invocation;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import dev.holdfast.repository.store.StoreAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the repository's password comes from: options, then the configuration if the repository is
/// one of its, then the environment, then the person. Passwords are bytes, are never printed, and
/// never an argument of the command line.
final class Passwords {
  private static final List<String> PREFIXES = List.of("HOLDFAST_", "RESTIC_");
  private static final String EMPTY_HINT =
      "give one, or --insecure-no-password for a repository without one";

  private final GlobalOptions globals;
  private final Environment environment;
  private final PasswordPrompt prompt;
  private final Optional<RepositorySettings> configured;

  /// @param configured the repository, if it is one of the configuration: where that says its
  ///   password is counts before the environment, which may speak of another repository
  Passwords(
      GlobalOptions globals,
      Environment environment,
      PasswordPrompt prompt,
      Optional<RepositorySettings> configured) {
    this.globals = globals;
    this.environment = environment;
    this.prompt = prompt;
    this.configured = configured;
  }

  /// The password that options and environment give; empty if they give none.
  Optional<byte[]> given() {
    String file = globals.passwordFile;
    String command = globals.passwordCommand;
    if (file != null && command != null) {
      throw new HoldfastException.Rejected(
          "--password-file and --password-command were both given", "give one of them");
    }
    Optional<byte[]> password =
        file == null && command == null
            ? fromConfiguration().or(this::fromEnvironment)
            : Optional.of(fromFileOrCommand(file, command));
    if (globals.insecureNoPassword) {
      if (password.isPresent()) {
        throw new HoldfastException.Rejected(
            "--insecure-no-password was given together with a password", "leave one of them out");
      }
      return Optional.of(new byte[0]);
    }
    return password.map(Passwords::requireNotEmpty);
  }

  private Optional<byte[]> fromConfiguration() {
    return configured.flatMap(repository ->
        repository
            .password()
            .map(secret ->
                Secrets.read(
                    "the password of the repository '" + repository.name() + "'",
                    secret,
                    environment)));
  }

  private Optional<byte[]> fromEnvironment() {
    for (String prefix : PREFIXES) {
      Optional<String> file = environment.variable(prefix + "PASSWORD_FILE");
      Optional<String> command = environment.variable(prefix + "PASSWORD_COMMAND");
      Optional<String> password = environment.variable(prefix + "PASSWORD");
      if (file.isPresent() && command.isPresent()) {
        throw new HoldfastException.Rejected(
            "%sPASSWORD_FILE and %sPASSWORD_COMMAND are both set".formatted(prefix, prefix),
            "unset one of them");
      }
      if (file.isPresent() || command.isPresent()) {
        return Optional.of(fromFileOrCommand(file.orElse(null), command.orElse(null)));
      }
      if (password.isPresent()) {
        return password.map(text -> text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }

  /// The password of a new repository or key: a person types it twice.
  byte[] chosen(String question) {
    return given().orElseGet(() -> askTwice(question));
  }

  /// Asks for a new password, whatever options and environment say of the present one.
  byte[] askTwice(String question) {
    byte[] first = ask(question);
    if (prompt.inputIsTerminal() && !Arrays.equals(first, ask("enter password again: "))) {
      throw new HoldfastException.Rejected("the passwords do not match", "try again");
    }
    return first;
  }

  /// A password from a file, as `--new-password-file` gives it.
  static byte[] fromFile(String file) {
    return requireNotEmpty(TextFile.read("password file", file));
  }

  /// Asks for the password of a repository that exists.
  byte[] ask(String question) {
    try {
      byte[] password = prompt.read(question);
      if (password.length == 0 && !prompt.inputIsTerminal()) {
        String which =
            globals.repository == null ? "" : " '" + StoreAddress.shown(globals.repository) + "'";
        throw new HoldfastException.Rejected(
            "the password of the repository" + which + " is empty",
            "set RESTIC_PASSWORD, or RESTIC_FROM_PASSWORD for one to copy from, name a password"
                + " file, or say --insecure-no-password for a repository without one");
      }
      return requireNotEmpty(password);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the password cannot be read: " + Reason.of(e), "", e);
    }
  }

  private static byte[] requireNotEmpty(byte[] password) {
    if (password.length == 0) {
      throw new HoldfastException.Rejected("the password is empty", EMPTY_HINT);
    }
    return password;
  }

  private static byte[] fromFileOrCommand(@Nullable String file, @Nullable String command) {
    if (file != null) {
      return TextFile.read("password file", file);
    }
    return command == null ? new byte[0] : output(command);
  }

  private static byte[] output(String command) {
    return Secrets.output(new Invocation.Words(ShellWords.split("--password-command", command)));
  }
}
