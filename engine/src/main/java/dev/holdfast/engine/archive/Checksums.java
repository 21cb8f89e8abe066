package dev.holdfast.engine.archive;

import dev.holdfast.posix.OsString;
import java.nio.charset.StandardCharsets;

/// Lines as `sha256sum` writes and checks them: the digits, two spaces, the name; a name with a
/// backslash or a line feed has them escaped, and a backslash before the line.
final class Checksums {
  private Checksums() {}

  /// One line, with its line feed.
  static byte[] line(String sha256, String name) {
    String escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    byte[] start =
        ((escaped.equals(name) ? "" : "\\") + sha256 + "  ").getBytes(StandardCharsets.US_ASCII);
    byte[] rest = OsString.encode(escaped + "\n");
    byte[] line = new byte[start.length + rest.length];
    System.arraycopy(start, 0, line, 0, start.length);
    System.arraycopy(rest, 0, line, start.length, rest.length);
    return line;
  }
}
