package dev.holdfast.engine.filter;

import dev.holdfast.posix.OsString;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A file of patterns, one a line, as restic reads it: white space around a line is taken off,
/// empty lines and those that start with `#` are skipped, `$NAME` and `${NAME}` stand for the
/// environment, `$$` for a dollar sign. A byte order mark says which UTF it is; without one it is
/// UTF-8.
public final class PatternFile {
  private static final String SPECIAL_NAMES = "*#$@!?-0123456789";

  private PatternFile() {}

  /// The patterns in the text of a file.
  ///
  /// @param environment the value of a variable, empty for one that is not set
  public static List<String> parse(byte[] text, UnaryOperator<String> environment) {
    List<String> patterns = new ArrayList<>();
    for (String line : lines(text)) {
      String trimmed = line.strip();
      if (!trimmed.isEmpty() && !trimmed.startsWith("#")) {
        patterns.add(expand(trimmed, environment));
      }
    }
    return patterns;
  }

  /// The lines of a text file, without their ends.
  public static List<String> lines(byte[] text) {
    List<String> lines = new ArrayList<>();
    String decoded = decode(text);
    int from = 0;
    while (from < decoded.length()) {
      int newline = decoded.indexOf('\n', from);
      int end = newline < 0 ? decoded.length() : newline;
      int kept = end > from && decoded.charAt(end - 1) == '\r' ? end - 1 : end;
      lines.add(decoded.substring(from, kept));
      from = end + 1;
    }
    return lines;
  }

  private static String decode(byte[] text) {
    if (startsWith(text, 0xef, 0xbb, 0xbf)) {
      return OsString.decode(text, 3, text.length - 3);
    }
    if (startsWith(text, 0xfe, 0xff)) {
      return after(2, text, StandardCharsets.UTF_16BE);
    }
    if (startsWith(text, 0xff, 0xfe)) {
      return after(2, text, StandardCharsets.UTF_16LE);
    }
    return OsString.decode(text);
  }

  private static String after(int markBytes, byte[] text, Charset charset) {
    return new String(text, markBytes, text.length - markBytes, charset);
  }

  private static boolean startsWith(byte[] text, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= text.length || (text[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  /// As Go's `os.Expand`, whose rules for what is not quite a name are kept too.
  static String expand(String line, UnaryOperator<String> environment) {
    StringBuilder expanded = new StringBuilder();
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c != '$' || at == line.length()) {
        expanded.append(c);
      } else if (line.charAt(at) == '{') {
        int close = line.indexOf('}', at);
        if (close > at + 1) {
          expanded.append(value(line.substring(at + 1, close), environment));
        }
        at = close < 0 ? at + 1 : close + 1;
      } else {
        int end = nameEnd(line, at);
        expanded.append(end == at ? "$" : value(line.substring(at, end), environment));
        at = end;
      }
    }
    return expanded.toString();
  }

  private static String value(String name, UnaryOperator<String> environment) {
    return name.equals("$") ? "$" : environment.apply(name);
  }

  private static int nameEnd(String line, int from) {
    if (SPECIAL_NAMES.indexOf(line.charAt(from)) >= 0) {
      return from + 1;
    }
    int end = from;
    while (end < line.length() && isNameCharacter(line.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isNameCharacter(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
