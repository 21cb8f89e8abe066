package dev.holdfast.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether a standard stream is a terminal. Asked of the descriptor itself, because Java's own
/// answer covers input and output together only.
public final class Terminals {
  private Terminals() {}

  /// Whether file descriptor `descriptor` of this process is a terminal.
  public static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }
}
