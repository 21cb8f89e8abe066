package dev.holdfast.cli.setup;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.AlreadyExists;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.error.HoldfastException.NoRepository;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Rejected;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.error.HoldfastException.WrongKey;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;

/// A failure as the person or the script sees it: exit code, one sentence, and a hint or nothing.
public record Failure(int exitCode, String message, String hint) {
  private static final Failure INTERRUPTED =
      new Failure(ExitCode.INTERRUPTED, "the command was interrupted", "");

  private static final String BUG_HINT =
      "this is a defect of Holdfast: run again with -vv and report what it prints";

  /// The failure that ended a command.
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case ClosedByInterruptException cutOff -> INTERRUPTED;
      case HoldfastException expected ->
          new Failure(exitCode(expected), text(expected), expected.hint());
      case UncheckedIOException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case FileSystemException file ->
          new Failure(ExitCode.FAILED, file.getFile() + ": " + Reason.of(file), "");
      case IOException io -> new Failure(ExitCode.FAILED, Reason.of(io), "");
      case InvalidPathException path ->
          new Failure(
              ExitCode.FAILED,
              "'" + OsString.display(path.getInput()) + "' is not a path: " + path.getReason(),
              "paths in options are text; only what is backed up may have names of any bytes");
      case InterruptedException interrupted -> INTERRUPTED;
      case OutOfMemoryError memory ->
          new Failure(
              ExitCode.FAILED,
              "memory is exhausted",
              "give more with HOLDFAST_JAVA_OPTS=-Xmx8g and run again");
      default -> new Failure(ExitCode.FAILED, "unexpected error: " + thrown, BUG_HINT);
    };
  }

  private static String text(HoldfastException expected) {
    return String.valueOf(expected.getMessage());
  }

  private static int exitCode(HoldfastException expected) {
    return switch (expected) {
      case NoRepository missing -> ExitCode.NO_REPOSITORY;
      case Locked locked -> ExitCode.LOCKED;
      case WrongKey wrong -> ExitCode.WRONG_PASSWORD;
      case Cancelled cancelled -> ExitCode.INTERRUPTED;
      case Corrupt corrupt -> ExitCode.FAILED;
      case NotFound missing -> ExitCode.FAILED;
      case AlreadyExists exists -> ExitCode.FAILED;
      case Unsupported unsupported -> ExitCode.FAILED;
      case Transient passing -> ExitCode.FAILED;
      case InputOutput io -> ExitCode.FAILED;
      case Rejected rejected -> ExitCode.FAILED;
    };
  }

  /// Says it on standard error: as text, or as restic's last JSON message.
  public void print(Console console, boolean json) {
    if (json) {
      console.errorLine(
          Json.message("exit_error").field("code", exitCode).field("message", message).end());
      return;
    }
    console.errorLine("holdfast: " + message);
    if (!hint.isEmpty()) {
      console.errorLine("hint: " + hint);
    }
  }

  /// The stack trace, for `-vv`.
  public static void printTrace(Console console, Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    console.errorLine(trace.toString().stripTrailing());
  }
}
