package dev.holdfast.cli.terminal;

import java.io.Writer;

/// A writer view of standard output, for libraries that print by themselves.
public final class ConsoleWriter extends Writer {
  private final Console console;

  public ConsoleWriter(Console console) {
    this.console = console;
  }

  @Override
  public void write(char[] text, int offset, int length) {
    console.text(new String(text, offset, length));
  }

  @Override
  public void flush() {
    console.flush();
  }

  @Override
  public void close() {
    console.flush();
  }
}
