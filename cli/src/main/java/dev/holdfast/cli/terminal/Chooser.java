package dev.holdfast.cli.terminal;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/// A list on a terminal to choose from: the arrow keys, Page Up and Down, Home and End move; typing
/// leaves only the rows that contain what is typed; Enter takes the marked row; Esc takes none. The
/// only class that needs JLine. Not thread-safe.
public final class Chooser {
  private static final int ESCAPE = 27;
  private static final int INTERRUPT = 3;
  private static final int END_OF_INPUT = 4;
  private static final int BACKSPACE = 8;
  private static final int DELETE = 127;

  /// A key that sends several characters sends them at once; a person who types Esc does not.
  private static final long SEQUENCE_MILLIS = 100;

  /// Above the rows: the question, what was typed, the headers. Below: what the keys do.
  private static final int LINES_AROUND = 4;

  private static final int USUAL_LINES = 24;
  private static final int USUAL_COLUMNS = 80;
  private static final int FILTER_CHARACTERS_MAX = 60;
  private static final String GAP = "  ";

  private final Terminal terminal;
  private final String question;
  private final List<String> rows;
  private final String header;
  private List<Integer> shown;
  private int marked;
  private int top;
  private String filter = "";
  private int linesDrawn;

  /// What a key means.
  private enum Key {
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    HOME,
    END,
    ENTER,
    ESCAPE,
    BACKSPACE,
    OTHER
  }

  /// @param cells of each row, as many as there are headers
  /// @param first the row that is marked at first
  public Chooser(
      Terminal terminal,
      String question,
      List<String> headers,
      List<List<String>> cells,
      int first) {
    this.terminal = terminal;
    this.question = question;
    int[] widths = new int[headers.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = headers.get(column).length();
      for (List<String> row : cells) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    this.header = line(headers, widths);
    this.rows = cells.stream().map(row -> line(row, widths)).toList();
    this.shown = IntStream.range(0, rows.size()).boxed().toList();
    this.marked = first;
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      line.append(cell)
          .append(" ".repeat(widths[column] - cell.length()))
          .append(column == widths.length - 1 ? "" : GAP);
    }
    return line.toString().stripTrailing();
  }

  /// Asks on the terminal of this process.
  ///
  /// @return the number of the row; empty for none
  public static Optional<Integer> onTheTerminal(
      String question, List<String> headers, List<List<String>> cells, int first) {
    try (Terminal terminal =
        TerminalBuilder.builder().system(true).provider("exec").dumb(true).build()) {
      return new Chooser(terminal, question, headers, cells, first).choose();
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the terminal cannot be used: " + Reason.of(e),
          "name the snapshot with --snapshot; 'holdfast snapshots' lists them",
          e);
    }
  }

  /// Asks.
  ///
  /// @return the number of the row; empty for none
  /// @throws HoldfastException.Cancelled if Ctrl-C was typed
  public Optional<Integer> choose() throws IOException {
    Attributes before = terminal.enterRawMode();
    try {
      while (true) {
        draw();
        int typed = terminal.reader().read();
        if (typed == INTERRUPT) {
          throw new HoldfastException.Cancelled("interrupted while a snapshot was chosen");
        }
        Key key = key(typed, terminal.reader());
        if (key == Key.ESCAPE) {
          return Optional.empty();
        }
        if (key == Key.ENTER && !shown.isEmpty()) {
          return Optional.of(shown.get(marked));
        }
        act(key, typed);
      }
    } finally {
      wipe();
      terminal.flush();
      terminal.setAttributes(before);
    }
  }

  private static Key key(int typed, NonBlockingReader reader) throws IOException {
    return switch (typed) {
      case '\r', '\n' -> Key.ENTER;
      case BACKSPACE, DELETE -> Key.BACKSPACE;
      case ESCAPE -> sequence(reader);
      case END_OF_INPUT, NonBlockingReader.EOF -> Key.ESCAPE;
      default -> Key.OTHER;
    };
  }

  /// What follows an escape character (console_codes(4)).
  private static Key sequence(NonBlockingReader reader) throws IOException {
    int begin = reader.read(SEQUENCE_MILLIS);
    if (begin != '[' && begin != 'O') {
      return Key.ESCAPE;
    }
    int code = reader.read(SEQUENCE_MILLIS);
    if (code >= '0' && code <= '9') {
      int last = reader.read(SEQUENCE_MILLIS);
      while (last >= 0 && last != '~' && !Character.isLetter(last)) {
        last = reader.read(SEQUENCE_MILLIS);
      }
    }
    return switch (code) {
      case 'A' -> Key.UP;
      case 'B' -> Key.DOWN;
      case 'H', '1', '7' -> Key.HOME;
      case 'F', '4', '8' -> Key.END;
      case '5' -> Key.PAGE_UP;
      case '6' -> Key.PAGE_DOWN;
      default -> Key.OTHER;
    };
  }

  private void act(Key key, int typed) {
    switch (key) {
      case UP -> mark(marked - 1);
      case DOWN -> mark(marked + 1);
      case PAGE_UP -> mark(marked - height());
      case PAGE_DOWN -> mark(marked + height());
      case HOME -> mark(0);
      case END -> mark(shown.size() - 1);
      case BACKSPACE -> {
        if (!filter.isEmpty()) {
          narrow(filter.substring(0, filter.length() - 1));
        }
      }
      case OTHER -> {
        if (typed >= ' ' && typed != ESCAPE && filter.length() < FILTER_CHARACTERS_MAX) {
          narrow(filter + (char) typed);
        }
      }
      case ENTER, ESCAPE -> {}
    }
  }

  private void mark(int wanted) {
    marked = Math.max(0, Math.min(wanted, shown.size() - 1));
  }

  private void narrow(String wanted) {
    filter = wanted;
    String lower = wanted.toLowerCase(Locale.ROOT);
    shown =
        IntStream.range(0, rows.size())
            .filter(row -> rows.get(row).toLowerCase(Locale.ROOT).contains(lower))
            .boxed()
            .toList();
    mark(0);
    top = 0;
  }

  private int height() {
    int lines = terminal.getSize().getRows() > 0 ? terminal.getSize().getRows() : USUAL_LINES;
    return Math.max(1, lines - LINES_AROUND - 1);
  }

  private int width() {
    return terminal.getSize().getColumns() > 0 ? terminal.getSize().getColumns() : USUAL_COLUMNS;
  }

  private void draw() {
    wipe();
    int height = height();
    top = Math.max(Math.min(top, marked), marked - height + 1);
    List<String> lines = new ArrayList<>();
    lines.add(question + (filter.isEmpty() ? "" : "  (with '" + filter + "')"));
    lines.add("  " + header);
    for (int i = top; i < Math.min(top + height, shown.size()); i++) {
      lines.add((i == marked ? "> " : "  ") + rows.get(shown.get(i)));
    }
    lines.add(
        "%d of %d   arrows, PgUp, PgDn: move   letters: filter   Enter: take   Esc: leave"
            .formatted(shown.isEmpty() ? 0 : marked + 1, shown.size()));
    for (String line : lines) {
      terminal.writer().print(Terminals.fit(line, width()) + "\r\n");
    }
    terminal.flush();
    linesDrawn = lines.size();
  }

  private void wipe() {
    if (linesDrawn > 0) {
      terminal.writer().print("\u001b[" + linesDrawn + "A\u001b[J");
      linesDrawn = 0;
    }
  }
}
