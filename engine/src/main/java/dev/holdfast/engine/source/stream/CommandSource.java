package dev.holdfast.engine.source.stream;

import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The standard output of a command, complete only if the command exits with 0. Its standard error
/// goes where this process's goes. The message of a failure names the program and not its
/// arguments, which may hold a secret.
public final class CommandSource implements StreamSource {
  private static final int GRACE_SECONDS = 5;

  private final List<String> command;
  private @Nullable Process process;

  /// @param command the program and its arguments
  public CommandSource(List<String> command) {
    if (command.isEmpty()) {
      throw new HoldfastException.Rejected(
          "no command to take the output of", "give the command after '--'");
    }
    this.command = List.copyOf(command);
  }

  @Override
  public InputStream open() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the command '" + command.getFirst() + "' cannot be started",
          "it is run as it is; if it needs a shell, write sh -c '...'",
          e);
    }
    return new InterruptibleInput(process.getInputStream());
  }

  @Override
  public void confirmComplete() {
    if (process == null) {
      throw new IllegalStateException("not opened");
    }
    try {
      int exit = process.waitFor();
      if (exit != 0) {
        throw new HoldfastException.Rejected(
            "command '" + command.getFirst() + "' failed with exit code " + exit,
            "nothing was stored; run the command by itself to see why it fails");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted while a command was running");
    }
  }

  @Override
  public void close() {
    if (process == null || !process.isAlive()) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
