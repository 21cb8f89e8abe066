package dev.holdfast.cli.setup;

import dev.holdfast.cli.terminal.Console;
import java.io.InputStream;
import java.time.Clock;

/// One run of the program: where it prints, what it was told, and what it may use.
public final class Session {
  private final Console console;
  private final GlobalOptions globals;
  private final Environment environment;
  private final InputStream input;
  private final Clock clock;

  public Session(
      Console console,
      GlobalOptions globals,
      Environment environment,
      InputStream input,
      Clock clock) {
    this.console = console;
    this.globals = globals;
    this.environment = environment;
    this.input = input;
    this.clock = clock;
  }

  public Console console() {
    return console;
  }

  public GlobalOptions globals() {
    return globals;
  }

  public Environment environment() {
    return environment;
  }

  /// Standard input.
  public InputStream input() {
    return input;
  }

  public Clock clock() {
    return clock;
  }

  /// The version of Holdfast.
  public String version() {
    return Version.CURRENT;
  }
}
