package dev.holdfast.cli;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.posix.OsString;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// The training run of the build: does a little of everything in a scratch folder, so that the
/// ahead-of-time cache holds the classes that real runs need.
final class Rehearsal {
  private Rehearsal() {}

  /// Runs the commands in the folder that is the first argument.
  public static void main(String[] args) {
    Path scratch = Path.of(args[0]);
    run(scratch, "version");
    run(scratch, "version", "--json");
    run(scratch, "--help");
  }

  private static void run(Path scratch, String... arguments) {
    Console console =
        new Console(
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            false,
            OsString::encode);
    Map<String, String> variables =
        Map.of("HOME", scratch.toString(), "RESTIC_PASSWORD", "rehearsal");
    new Program(
            console,
            variables,
            InputStream.nullInputStream(),
            false,
            Clock.system(ZoneId.systemDefault()))
        .run(List.of(arguments));
  }
}
