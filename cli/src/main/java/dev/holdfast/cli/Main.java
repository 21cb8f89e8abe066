package dev.holdfast.cli;

import dev.holdfast.cli.terminal.Console;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;

/// The entry point of the process.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Console console = Console.ofProcess(text -> text.getBytes(StandardCharsets.UTF_8));
    Interruption interruption = Interruption.ofThisThread();
    int status =
        new Program(console, System.getenv(), System.in, Clock.system(ZoneId.systemDefault()))
            .run(List.of(args));
    interruption.finish(status);
  }
}
