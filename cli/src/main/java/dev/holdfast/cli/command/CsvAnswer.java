package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.engine.source.sql.Answer;
import dev.holdfast.engine.source.sql.Cell;
import java.util.List;
import java.util.stream.Collectors;

/// Prints an answer as comma-separated values (RFC 4180, with line feeds). No value is nothing, the
/// empty text a pair of quotes.
final class CsvAnswer implements Answer {
  private final Console console;

  CsvAnswer(Console console) {
    this.console = console;
  }

  @Override
  public void columns(List<String> names) {
    console.line(names.stream().map(CsvAnswer::quoted).collect(Collectors.joining(",")));
  }

  @Override
  public void row(List<Cell> cells) {
    console.line(
        cells.stream()
            .map(cell -> cell instanceof Cell.None ? "" : quoted(cell.shown()))
            .collect(Collectors.joining(",")));
  }

  private static String quoted(String text) {
    boolean plain =
        !text.isEmpty()
            && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
