package dev.holdfast.engine.source.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Takes a script apart into statements, as SQLite, DuckDB and PostgreSQL write them: strings and
/// names in quotes, dollar quotes, comments, and the bodies of triggers.
public final class SqlScript {
  private final String text;
  private final List<String> statements = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private int start;
  private int position;
  private int depth;
  private boolean hasContent;
  private String first = "";

  private SqlScript(String text) {
    this.text = text;
  }

  /// The statements of `text` in their order, without their semicolons. Comments alone are none.
  public static List<String> split(String text) {
    return new SqlScript(text).split();
  }

  /// Whether a statement asks and changes nothing: it begins with `SELECT`.
  public static boolean isQuery(String statement) {
    SqlScript script = new SqlScript(statement);
    script.split();
    return script.first.equals("SELECT");
  }

  private List<String> split() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (text.startsWith("--", position)) {
        skipTo("\n", 2);
      } else if (text.startsWith("/*", position)) {
        skipTo("*/", 2);
      } else if (c == '\'' || c == '"' || c == '`') {
        hasContent = true;
        skipTo(String.valueOf(c), 1);
      } else if (c == '$') {
        hasContent = true;
        dollar();
      } else if (Character.isLetter(c) || c == '_') {
        hasContent = true;
        word();
      } else {
        other(c);
      }
    }
    end();
    return statements;
  }

  private void other(char c) {
    position++;
    if (c == ';' && depth == 0) {
      int next = position;
      position--;
      end();
      position = next;
      start = next;
    } else {
      hasContent |= !Character.isWhitespace(c);
    }
  }

  /// A quote that is doubled ends one string and begins another, which comes to the same.
  private void skipTo(String end, int from) {
    int found = text.indexOf(end, position + from);
    position = found < 0 ? text.length() : found + end.length();
  }

  /// `$tag$ ... $tag$`, or a parameter or a part of a name.
  private void dollar() {
    int close = position + 1;
    while (close < text.length() && isWordPart(text.charAt(close))) {
      close++;
    }
    if (close < text.length() && text.charAt(close) == '$') {
      String tag = text.substring(position, close + 1);
      skipTo(tag, tag.length());
    } else {
      position = close;
    }
  }

  private void word() {
    int begin = position;
    while (position < text.length()
        && (isWordPart(text.charAt(position)) || text.charAt(position) == '$')) {
      position++;
    }
    String word = text.substring(begin, position).toUpperCase(Locale.ROOT);
    if (isTrigger()) {
      switch (word) {
        case "BEGIN", "CASE" -> depth++;
        case "END" -> depth = Math.max(0, depth - 1);
        default -> {}
      }
    }
    words.add(word);
  }

  /// `CREATE TRIGGER` has statements inside.
  private boolean isTrigger() {
    return !words.isEmpty()
        && words.getFirst().equals("CREATE")
        && words.subList(0, Math.min(3, words.size())).contains("TRIGGER");
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private void end() {
    if (hasContent) {
      statements.add(text.substring(start, position).strip());
    }
    if (first.isEmpty() && !words.isEmpty()) {
      first = words.getFirst();
    }
    words.clear();
    start = position;
    depth = 0;
    hasContent = false;
  }
}
