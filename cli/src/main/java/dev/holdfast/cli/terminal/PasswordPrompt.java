package dev.holdfast.cli.terminal;

import dev.holdfast.posix.PosixException;
import dev.holdfast.posix.TerminalEcho;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Asks for a password: on a terminal without showing it, otherwise one line of standard input.
public final class PasswordPrompt {
  /// Nobody types a longer one; what is longer is not a password but a wrong redirection.
  private static final int MAX_BYTES = 64 * 1024;

  private static final int STANDARD_INPUT = 0;

  private final Console console;
  private final InputStream input;
  private final boolean inputIsTerminal;

  public PasswordPrompt(Console console, InputStream input, boolean inputIsTerminal) {
    this.console = console;
    this.input = input;
    this.inputIsTerminal = inputIsTerminal;
  }

  /// Whether a person types.
  public boolean inputIsTerminal() {
    return inputIsTerminal;
  }

  /// Shows `prompt` and reads one line, without its end.
  public byte[] read(String prompt) throws IOException {
    if (!inputIsTerminal) {
      return readLine();
    }
    Optional<TerminalEcho> echo = echo();
    // A signal while the password is typed must not leave a terminal without echo.
    Thread restore = new Thread(() -> show(echo), "terminal-echo");
    Runtime.getRuntime().addShutdownHook(restore);
    try {
      hide(echo);
      console.errorText(prompt);
      return readLine();
    } finally {
      show(echo);
      console.errorLine("");
      removeHook(restore);
    }
  }

  private static Optional<TerminalEcho> echo() {
    try {
      return Optional.of(TerminalEcho.of(STANDARD_INPUT));
    } catch (PosixException e) {
      return Optional.empty();
    }
  }

  private static void hide(Optional<TerminalEcho> echo) {
    try {
      if (echo.isPresent()) {
        echo.get().hide();
      }
    } catch (PosixException e) {
      // The password is seen while it is typed then; that is no reason not to take it.
    }
  }

  private static void show(Optional<TerminalEcho> echo) {
    try {
      if (echo.isPresent()) {
        echo.get().close();
      }
    } catch (PosixException e) {
      // The terminal is gone.
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs, which is harmless.
    }
  }

  private byte[] readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = input.read();
    while (next >= 0 && next != '\n') {
      if (line.size() == MAX_BYTES) {
        throw new IOException("the password is longer than " + MAX_BYTES + " bytes");
      }
      line.write(next);
      next = input.read();
    }
    byte[] bytes = line.toByteArray();
    int length = bytes.length;
    boolean carriageReturn = length > 0 && bytes[length - 1] == '\r';
    return carriageReturn ? Arrays.copyOf(bytes, length - 1) : bytes;
  }
}
