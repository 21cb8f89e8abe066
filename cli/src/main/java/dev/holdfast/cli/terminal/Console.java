package dev.holdfast.cli.terminal;

import dev.holdfast.repository.error.HoldfastException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Standard output and standard error of the program. Lines go out whole and unbuffered to errors,
/// buffered to output; a reader that went away (`holdfast ls | head`) ends output in silence, and a
/// log on a full disk ends it, too: neither keeps a backup from being made. The second is told by
/// [#failure()]. Thread-safe.
public final class Console {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final OutputStream out;
  private final OutputStream err;
  private final boolean outputIsTerminal;
  private final boolean showsStatus;
  private final Function<String, byte[]> encoder;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private boolean readerGone;
  private @Nullable HoldfastException failure;
  private List<String> status = List.of();

  /// @param encoder turns text into bytes, with file names that are not UTF-8 as they are on disk
  public Console(
      OutputStream out,
      OutputStream err,
      boolean outputIsTerminal,
      Function<String, byte[]> encoder) {
    this(out, err, outputIsTerminal, outputIsTerminal, encoder);
  }

  /// @param showsStatus whether lines can be taken back
  Console(
      OutputStream out,
      OutputStream err,
      boolean outputIsTerminal,
      boolean showsStatus,
      Function<String, byte[]> encoder) {
    this.out = out;
    this.err = err;
    this.outputIsTerminal = outputIsTerminal;
    this.showsStatus = showsStatus;
    this.encoder = encoder;
  }

  /// The console of the process.
  ///
  /// @param environment says in `TERM` which terminal it is
  public static Console ofProcess(
      Map<String, String> environment, Function<String, byte[]> encoder) {
    boolean terminal = Terminals.isTerminal(1);
    return new Console(
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        terminal,
        terminal && Terminals.movesCursor(environment),
        encoder);
  }

  /// Whether a person watches standard output.
  public boolean outputIsTerminal() {
    return outputIsTerminal;
  }

  /// Prints a line of output.
  public void line(String text) {
    text(text + "\n");
  }

  /// Prints output as it is, without a line end.
  public void text(String text) {
    bytes(encoder.apply(text));
  }

  /// Prints bytes of output as they are: the content of a file, say.
  public synchronized void bytes(byte[] bytes) {
    bytes(bytes, 0, bytes.length);
  }

  /// Prints part of an array.
  public synchronized void bytes(byte[] bytes, int offset, int length) {
    if (length > BUFFER_BYTES - buffered) {
      drain();
    }
    if (length > BUFFER_BYTES) {
      write(bytes, offset, length);
      return;
    }
    System.arraycopy(bytes, offset, buffer, buffered, length);
    buffered += length;
    if (outputIsTerminal) {
      drain();
    }
  }

  /// Prints a line for the person or the log, apart from output.
  public void errorLine(String text) {
    errorText(text + "\n");
  }

  /// Prints to standard error as it is, without a line end.
  public synchronized void errorText(String text) {
    drain();
    try {
      err.write(encoder.apply(text));
      err.flush();
    } catch (IOException e) {
      // Nobody listens to errors: there is nowhere left to say so.
      readerGone = readerGone || outputIsTerminal;
    }
  }

  /// Shows lines below everything printed, in place of those shown before; none removes them. Does
  /// nothing unless standard output is a terminal.
  public synchronized void status(List<String> lines) {
    if (!showsStatus) {
      return;
    }
    drain();
    status = List.copyOf(lines);
    String text = String.join("\n", status);
    byte[] bytes = encoder.apply(text + (status.size() > 1 ? up(status.size() - 1) : "\r"));
    write(bytes, 0, status.isEmpty() ? 0 : bytes.length);
  }

  private static String up(int lines) {
    return "\r\u001b[" + lines + "A";
  }

  /// Removes the status from the screen; the cursor always stands at its beginning.
  private void wipeStatus() {
    if (!status.isEmpty()) {
      status = List.of();
      byte[] wipe = encoder.apply("\u001b[J");
      write(wipe, 0, wipe.length);
    }
  }

  /// Hands everything printed so far to the system.
  public synchronized void flush() {
    drain();
  }

  /// Whether the reader of standard output has gone, so that more output is in vain.
  public synchronized boolean readerGone() {
    return readerGone;
  }

  /// Why output was lost, other than by a reader that went away; empty if none was.
  public synchronized Optional<HoldfastException> failure() {
    return Optional.ofNullable(failure);
  }

  /// A stream view of standard output, for writers of archives. Closing it flushes. Writing fails
  /// once output is lost: what is printed is then all there is to do.
  public OutputStream outputStream() {
    return new OutputStream() {
      @Override
      public void write(int value) {
        bytes(new byte[] {(byte) value});
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        bytes(source, offset, length);
        failure()
            .ifPresent(lost -> {
              throw lost;
            });
        if (readerGone()) {
          throw new IOException("the reader of standard output has gone");
        }
      }

      @Override
      public void flush() {
        Console.this.flush();
      }
    };
  }

  private void drain() {
    wipeStatus();
    int length = buffered;
    buffered = 0;
    write(buffer, 0, length);
  }

  private void write(byte[] bytes, int offset, int length) {
    if (length == 0 || readerGone) {
      return;
    }
    try {
      out.write(bytes, offset, length);
      out.flush();
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (!reason.contains("Broken pipe")) {
        failure =
            new HoldfastException.InputOutput(
                "standard output cannot be written: " + reason,
                "what the command was to do is done, but what it printed is not complete",
                e);
      }
      readerGone = true;
    }
  }
}
