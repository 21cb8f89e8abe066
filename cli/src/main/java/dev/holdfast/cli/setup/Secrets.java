package dev.holdfast.cli.setup;

import dev.holdfast.engine.config.Invocation;
import dev.holdfast.engine.config.Secret;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Fetches secrets from where options, environment and configuration say they are. Secrets are
/// bytes, are never printed, and never an argument of a command line.
final class Secrets {
  private Secrets() {}

  /// Fetches a secret of the configuration.
  ///
  /// @param what it is, for messages, such as `the password of the repository 'main'`
  static byte[] read(String what, Secret secret, Environment environment) {
    byte[] bytes =
        switch (secret) {
          case Secret.InFile file -> TextFile.read("password file", file.path());
          case Secret.FromCommand command -> output(command.command());
          case Secret.InVariable variable ->
              environment
                  .variable(variable.name())
                  .map(text -> text.getBytes(StandardCharsets.UTF_8))
                  .orElseThrow(() ->
                      new HoldfastException.Rejected(
                          "the variable " + variable.name() + " that holds " + what + " is not set",
                          "set it in the environment that Holdfast is started in"));
        };
    if (bytes.length == 0) {
      throw new HoldfastException.Rejected(
          what + " is empty", "'holdfast config check' says where it comes from");
    }
    return bytes;
  }

  /// What a command prints, white space around it taken off.
  static byte[] output(Invocation command) {
    List<String> words = command.words();
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      byte[] printed = process.getInputStream().readAllBytes();
      int status = process.waitFor();
      if (status != 0) {
        throw new HoldfastException.Rejected(
            "the password command '%s' failed with status %d".formatted(words.getFirst(), status),
            "run it by hand to see why");
      }
      return TextFile.trim(printed);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the password command cannot be run: " + e.getMessage(), "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("the password command was interrupted");
    }
  }
}
