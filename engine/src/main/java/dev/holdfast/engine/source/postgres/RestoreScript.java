package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.TableRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Counts the rows in the script that `pg_restore` makes of a dump, as it passes by. One thread at
/// a time.
final class RestoreScript {
  /// `COPY schema.table (columns) FROM stdin;`, names quoted where they have to be.
  private static final Pattern COPY =
      Pattern.compile("COPY ((?:\"(?:[^\"]|\"\")*\"|[^ \"(])+) .*FROM stdin;");

  /// Longest line that is looked at: one that names a table with all of its columns.
  private static final int LINE_BYTES_MAX = 256 * 1024;

  private final Map<String, Long> rows = new TreeMap<>();
  private final byte[] line = new byte[LINE_BYTES_MAX];
  private Optional<TextEncoding> encoding = Optional.empty();
  private int length;
  private boolean tooLong;
  private String table = "";
  private long count;

  void accept(byte[] bytes, int end) {
    for (int i = 0; i < end; i++) {
      byte b = bytes[i];
      if (b == '\n') {
        endLine();
      } else if (length < LINE_BYTES_MAX) {
        line[length++] = b;
      } else {
        tooLong = true;
      }
    }
  }

  private void endLine() {
    if (table.isEmpty()) {
      if (!tooLong && length > 5 && line[length - 1] == ';') {
        if (line[0] == 'C' && line[1] == 'O') {
          begin(encoding.orElse(TextEncoding.UTF8).decode(line, 0, length));
        } else if (encoding.isEmpty() && line[0] == 'S' && line[1] == 'E') {
          encoding = TextEncoding.setBy(TextEncoding.UTF8.decode(line, 0, length));
        }
      }
    } else if (length == 2 && line[0] == '\\' && line[1] == '.') {
      rows.merge(table, count, Long::sum);
      table = "";
    } else {
      count++;
    }
    length = 0;
    tooLong = false;
  }

  private void begin(String text) {
    Matcher copy = COPY.matcher(text);
    if (copy.matches()) {
      table = unquoted(copy.group(1));
      count = 0;
    }
  }

  private static String unquoted(String name) {
    StringBuilder plain = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '"') {
        plain.append(c);
      } else if (quoted && i + 1 < name.length() && name.charAt(i + 1) == '"') {
        plain.append(c);
        i++;
      } else {
        quoted = !quoted;
      }
    }
    return plain.toString();
  }

  /// Whether no table is left in the middle.
  boolean isComplete() {
    return table.isEmpty();
  }

  List<TableRows> tables() {
    List<TableRows> tables = new ArrayList<>();
    rows.forEach((name, number) -> tables.add(new TableRows(name, number, true)));
    return tables;
  }
}
