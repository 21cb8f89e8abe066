package dev.holdfast.cli.setup;

import dev.holdfast.cli.terminal.PasswordPrompt;
import dev.holdfast.engine.config.Invocation;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.engine.config.Secret;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import dev.holdfast.repository.store.StoreAddress;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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

  /// Where options, configuration and environment say that the password is; empty if they do not.
  Optional<Secret> source() {
    String file = globals.passwordFile;
    String command = globals.passwordCommand;
    if (file != null && command != null) {
      throw new HoldfastException.Rejected(
          "--password-file and --password-command were both given", "give one of them");
    }
    Optional<Secret> source =
        inFileOrCommand(Optional.ofNullable(file), Optional.ofNullable(command))
            .or(() -> configured.flatMap(RepositorySettings::password))
            .or(this::inEnvironment);
    if (globals.insecureNoPassword && source.isPresent()) {
      throw new HoldfastException.Rejected(
          "--insecure-no-password was given together with a password", "leave one of them out");
    }
    return source;
  }

  /// Whether nobody has to be asked for the password.
  boolean areGiven() {
    return source().isPresent() || globals.insecureNoPassword;
  }

  /// The password from there; empty if a person has to be asked for it.
  Optional<byte[]> fetch(Optional<Secret> source) {
    return globals.insecureNoPassword ? Optional.of(new byte[0]) : source.map(this::read);
  }

  private byte[] read(Secret source) {
    Optional<RepositorySettings> owner =
        configured.filter(repository -> repository.password().equals(Optional.of(source)));
    return owner.isPresent()
        ? Secrets.read(
            "the password of the repository '" + owner.get().name() + "'", source, environment)
        : requireNotEmpty(Secrets.fetch("the password", source, environment));
  }

  private Optional<Secret> inEnvironment() {
    for (String prefix : PREFIXES) {
      Optional<String> file = environment.variable(prefix + "PASSWORD_FILE");
      Optional<String> command = environment.variable(prefix + "PASSWORD_COMMAND");
      if (file.isPresent() && command.isPresent()) {
        throw new HoldfastException.Rejected(
            "%sPASSWORD_FILE and %sPASSWORD_COMMAND are both set".formatted(prefix, prefix),
            "unset one of them");
      }
      Optional<Secret> source =
          inFileOrCommand(file, command)
              .or(() ->
                  environment
                      .variable(prefix + "PASSWORD")
                      .map(_ -> new Secret.InVariable(prefix + "PASSWORD")));
      if (source.isPresent()) {
        return source;
      }
    }
    return Optional.empty();
  }

  private static Optional<Secret> inFileOrCommand(Optional<String> file, Optional<String> command) {
    return file.<Secret>map(Secret.InFile::new)
        .or(() ->
            command.map(line ->
                new Secret.FromCommand(
                    new Invocation.Words(ShellWords.split("--password-command", line)))));
  }

  /// The password of a new repository or key: a person types it twice.
  byte[] chosen(String question) {
    return fetch(source()).orElseGet(() -> askTwice(question));
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
}
