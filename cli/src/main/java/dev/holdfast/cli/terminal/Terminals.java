package dev.holdfast.cli.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Whether a standard stream is a terminal. Asked of the descriptor itself, because Java's own
/// answer covers input and output together only.
public final class Terminals {
  private static final int USUAL_COLUMNS = 80;

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

  /// Whether a terminal understands the moves of the cursor, without which no line can be shown in
  /// place of another.
  static boolean movesCursor(Map<String, String> environment) {
    return !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /// The width of the terminal in characters; 80 if it cannot be found out.
  public static int columns() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Path.of("/dev/tty").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String[] size =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()
              .split(" ", -1);
      int columns = size.length == 2 ? Integer.parseInt(size[1]) : 0;
      return columns > 0 ? columns : USUAL_COLUMNS;
    } catch (IOException | NumberFormatException e) {
      return USUAL_COLUMNS;
    }
  }

  /// The beginning of `line` that fits into one line of the terminal.
  public static String fit(String line, int columns) {
    int characters = line.codePointCount(0, line.length());
    return characters < columns ? line : line.substring(0, line.offsetByCodePoints(0, columns - 1));
  }
}
