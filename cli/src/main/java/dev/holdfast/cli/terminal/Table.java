package dev.holdfast.cli.terminal;

import static java.util.stream.Collectors.joining;

import dev.holdfast.posix.OsString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A text table laid out as restic's: columns two spaces apart, a rule above and below the rows,
/// cells of several lines. Not thread-safe.
public final class Table {
  private static final String GAP = "  ";

  private final List<String> headers;
  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> footer = new ArrayList<>();
  private boolean spaced;

  public Table(String... headers) {
    this.headers = List.of(headers);
  }

  /// Adds a row with a cell for each header; lines of a cell are separated by line feeds. What a
  /// terminal would obey is shown and not sent.
  public void row(String... cells) {
    if (cells.length != headers.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + headers.size());
    }
    rows.add(Arrays.stream(cells).map(Table::shown).toList());
  }

  public void footer(String line) {
    footer.add(line);
  }

  /// Puts an empty line between rows.
  public void spaced() {
    spaced = true;
  }

  /// The finished table, with a line feed after its last line.
  public String render() {
    int[] widths = new int[headers.size()];
    measure(headers, widths);
    rows.forEach(row -> measure(row, widths));
    int total = Arrays.stream(widths).sum() + (widths.length - 1) * GAP.length();
    StringBuilder out = new StringBuilder();
    append(out, headers, widths);
    out.append("-".repeat(total)).append('\n');
    for (int i = 0; i < rows.size(); i++) {
      if (spaced && i > 0) {
        out.append('\n');
      }
      append(out, rows.get(i), widths);
    }
    out.append("-".repeat(total)).append('\n');
    footer.forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }

  private static String shown(String cell) {
    return Arrays.stream(cell.split("\n", -1)).map(OsString::display).collect(joining("\n"));
  }

  private static void measure(List<String> cells, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      for (String line : cells.get(i).split("\n", -1)) {
        widths[i] = Math.max(widths[i], width(line));
      }
    }
  }

  private static void append(StringBuilder out, List<String> cells, int[] widths) {
    List<String[]> split = cells.stream().map(cell -> cell.split("\n", -1)).toList();
    int lines = split.stream().mapToInt(cell -> cell.length).max().orElse(1);
    for (int line = 0; line < lines; line++) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String text = line < split.get(i).length ? split.get(i)[line] : "";
        row.append(i == 0 ? "" : GAP).append(text);
        row.append(" ".repeat(widths[i] - width(text)));
      }
      out.append(row.toString().stripTrailing()).append('\n');
    }
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
