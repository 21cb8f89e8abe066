package dev.holdfast.cli;

import dev.holdfast.cli.terminal.ChannelInput;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Terminals;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.RawArguments;
import dev.holdfast.repository.key.KeyringOptions;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.InputStream;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/// The entry point of the process.
public final class Main {
  private Main() {}

  private static Clock clock() {
    return Clock.system(ZoneId.systemDefault());
  }

  /// Runs the command line and ends the process with its status.
  public static void main(String[] args) {
    HeapWatch.start();
    List<String> arguments = RawArguments.of(args);
    WarmUp.start(arguments, System.getenv());
    // What is printed is read by scripts: digits and points do not depend on the person's locale.
    Locale.setDefault(Locale.ROOT);
    Console console = Console.ofProcess(System.getenv(), OsString::encode);
    Interruption interruption = Interruption.ofThisThread(console);
    InputStream input = new ChannelInput(new FileInputStream(FileDescriptor.in).getChannel());
    int status =
        new Program(
                console,
                System.getenv(),
                input,
                Terminals.isTerminal(0),
                Main::clock,
                KeyringOptions::of)
            .run(arguments);
    interruption.finish(status);
  }
}
