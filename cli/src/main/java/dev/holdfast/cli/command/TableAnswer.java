package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.engine.source.sql.Answer;
import dev.holdfast.engine.source.sql.Cell;
import dev.holdfast.posix.OsString;
import java.util.ArrayList;
import java.util.List;

/// Prints an answer as tables of at most [#ROWS_AT_ONCE] rows each, so that an answer of any length
/// takes little memory.
final class TableAnswer implements Answer {
  private static final int ROWS_AT_ONCE = 1000;

  private final Console console;
  private final List<List<Cell>> waiting = new ArrayList<>();
  private List<String> columns = List.of();
  private long rows;
  private boolean printed;

  TableAnswer(Console console) {
    this.console = console;
  }

  @Override
  public void columns(List<String> names) {
    columns = names.stream().map(OsString::display).toList();
  }

  @Override
  public void row(List<Cell> cells) {
    waiting.add(cells);
    rows++;
    if (waiting.size() == ROWS_AT_ONCE) {
      print();
    }
  }

  private void print() {
    Table table = new Table(columns.toArray(String[]::new));
    for (List<Cell> row : waiting) {
      table.row(row.stream().map(cell -> OsString.display(cell.shown())).toArray(String[]::new));
    }
    waiting.clear();
    printed = true;
    console.text(table.render());
  }

  /// Prints what is left, and how many rows there were.
  void end() {
    if (!waiting.isEmpty() || !printed) {
      print();
    }
    console.line(rows == 1 ? "1 row" : rows + " rows");
  }
}
