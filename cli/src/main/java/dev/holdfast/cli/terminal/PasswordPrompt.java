package dev.holdfast.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// Asks for a password: on a terminal without showing it, otherwise one line of standard input.
public final class PasswordPrompt {
  /// Nobody types a longer one; what is longer is not a password but a wrong redirection.
  private static final int MAX_BYTES = 64 * 1024;

  private static final long STTY_SECONDS = 5;

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
    console.errorText(prompt);
    Thread restore = new Thread(() -> stty("echo"), "terminal-echo");
    // A signal while the password is typed must not leave a terminal without echo.
    Runtime.getRuntime().addShutdownHook(restore);
    stty("-echo");
    try {
      return readLine();
    } finally {
      stty("echo");
      console.errorLine("");
      removeHook(restore);
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

  /// Returns when it is done: somebody who interrupts is not to be left with a silent terminal.
  private static void stty(String setting) {
    boolean interrupted = Thread.interrupted();
    try {
      Process stty =
          new ProcessBuilder("stty", setting)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = stty.waitFor(STTY_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        stty.destroy();
      }
    } catch (IOException e) {
      // Without stty the password is seen while it is typed; that is no reason not to take it.
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
