package dev.holdfast.cli.terminal;

/// Lays out JSON over several lines as Go's `json.MarshalIndent` does with two spaces.
public final class JsonIndent {
  private JsonIndent() {}

  /// Lays out `json`, which is valid and has no white space outside strings.
  public static String of(String json) {
    StringBuilder out = new StringBuilder(json.length() * 2);
    int depth = 0;
    boolean inString = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inString) {
        out.append(c);
        if (c == '\\' && i + 1 < json.length()) {
          out.append(json.charAt(++i));
        }
        inString = c != '"';
        continue;
      }
      switch (c) {
        case '{', '[' -> {
          out.append(c);
          if (i + 1 < json.length() && isClosing(json.charAt(i + 1))) {
            out.append(json.charAt(++i));
          } else {
            newLine(out, ++depth);
          }
        }
        case '}', ']' -> {
          newLine(out, --depth);
          out.append(c);
        }
        case ',' -> {
          out.append(c);
          newLine(out, depth);
        }
        case ':' -> out.append(": ");
        default -> {
          inString = c == '"';
          if (!Character.isWhitespace(c)) {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }

  private static boolean isClosing(char c) {
    return c == '}' || c == ']';
  }

  private static void newLine(StringBuilder out, int depth) {
    out.append('\n').append("  ".repeat(depth));
  }
}
