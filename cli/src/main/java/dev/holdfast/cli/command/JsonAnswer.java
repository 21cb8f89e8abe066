package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.source.sql.Answer;
import dev.holdfast.engine.source.sql.Cell;
import java.util.List;

/// Prints an answer as a JSON array with an object for each row.
final class JsonAnswer implements Answer {
  private final Console console;
  private List<String> columns = List.of();
  private boolean hasRows;

  JsonAnswer(Console console) {
    this.console = console;
  }

  @Override
  public void columns(List<String> names) {
    columns = List.copyOf(names);
  }

  @Override
  public void row(List<Cell> cells) {
    Json row = Json.object();
    for (int i = 0; i < columns.size(); i++) {
      row.raw(columns.get(i), json(cells.get(i)));
    }
    console.text((hasRows ? ",\n" : "[") + row.end());
    hasRows = true;
  }

  private static String json(Cell cell) {
    return switch (cell) {
      case Cell.None _ -> "null";
      case Cell.Truth truth -> Boolean.toString(truth.value());
      case Cell.Numeric number -> number.digits();
      case Cell.Text text -> Json.quote(text.text());
      case Cell.Bytes bytes -> Json.quote(bytes.hex());
    };
  }

  /// Closes the array.
  void end() {
    console.line(hasRows ? "]" : "[]");
  }
}
