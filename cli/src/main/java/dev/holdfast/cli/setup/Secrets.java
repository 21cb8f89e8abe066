package dev.holdfast.cli.setup;

import dev.holdfast.engine.config.Invocation;
import dev.holdfast.engine.config.Secret;
import dev.holdfast.engine.hook.ProcessEnd;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Fetches secrets from where options, environment and configuration say they are. Secrets are
/// bytes, are never printed, and never an argument of a command line.
final class Secrets {
  private static final Duration GRACE = Duration.ofSeconds(2);

  private Secrets() {}

  /// Fetches a secret of the configuration.
  ///
  /// @param what it is, for messages, such as `the password of the repository 'main'`
  static byte[] read(String what, Secret secret, Environment environment) {
    byte[] bytes = fetch(what, secret, environment);
    if (bytes.length == 0) {
      throw new HoldfastException.Rejected(
          what + " is empty", "'holdfast config check' says where it comes from");
    }
    return bytes;
  }

  /// The same for any secret, which may be empty.
  static byte[] fetch(String what, Secret secret, Environment environment) {
    return switch (secret) {
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
  }

  /// What a command prints, white space around it taken off.
  private static byte[] output(Invocation command) {
    Process process = start(command);
    try {
      // Waiting for what a pipe says cannot be interrupted.
      FutureTask<byte[]> reading =
          new FutureTask<>(() -> process.getInputStream().readNBytes(TextFile.MAX_BYTES + 1));
      Thread.ofVirtual().start(reading);
      byte[] printed = reading.get();
      if (printed.length > TextFile.MAX_BYTES) {
        throw new HoldfastException.Rejected(
            "the password command '%s' prints more than a mebibyte".formatted(command.program()),
            "is it the right command?");
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new HoldfastException.Rejected(
            "the password command '%s' failed with status %d".formatted(command.program(), status),
            "run it by hand to see why");
      }
      return TextFile.trim(printed);
    } catch (ExecutionException e) {
      throw new HoldfastException.InputOutput(
          "what the password command '%s' prints cannot be read".formatted(command.program()),
          "run it by hand to see why",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("the password command was interrupted");
    } finally {
      if (process.isAlive()) {
        ProcessEnd.of(process, GRACE);
      }
    }
  }

  private static Process start(Invocation command) {
    try {
      return new ProcessBuilder(command.words())
          .redirectInput(ProcessBuilder.Redirect.INHERIT)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the password command '%s' cannot be started".formatted(command.program()),
          "it is run as it is; if it needs a shell, write sh -c '...'",
          e);
    }
  }
}
