package dev.holdfast.engine.source.sql;

import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;

/// A value of an answer.
public sealed interface Cell {
  /// No value.
  record None() implements Cell {}

  record Truth(boolean value) implements Cell {}

  /// A number.
  ///
  /// @param digits as JSON has numbers
  record Numeric(String digits) implements Cell {}

  record Text(String text) implements Cell {}

  /// Bytes that are no text.
  ///
  /// @param hex two digits for each byte
  record Bytes(String hex) implements Cell {}

  /// The value in a column of the present row.
  ///
  /// @param column from 1
  static Cell of(ResultSet rows, int column) throws SQLException {
    Object value = rows.getObject(column);
    return switch (value) {
      case null -> new None();
      case Boolean truth -> new Truth(truth);
      case BigDecimal number -> new Numeric(number.toPlainString());
      case Double number when !Double.isFinite(number) -> new Text(number.toString());
      case Float number when !Float.isFinite(number) -> new Text(number.toString());
      case Number number -> new Numeric(number.toString());
      case byte[] bytes -> new Bytes(HexFormat.of().formatHex(bytes));
      case Blob blob ->
          new Bytes(HexFormat.of().formatHex(blob.getBytes(1, Math.toIntExact(blob.length()))));
      default -> new Text(value.toString());
    };
  }

  /// The value as text for people; empty for none.
  default String shown() {
    return switch (this) {
      case None() -> "";
      case Truth(boolean value) -> Boolean.toString(value);
      case Numeric(String digits) -> digits;
      case Text(String text) -> text;
      case Bytes(String hex) -> hex;
    };
  }
}
