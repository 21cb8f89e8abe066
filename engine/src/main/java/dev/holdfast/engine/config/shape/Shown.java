package dev.holdfast.engine.config.shape;

import dev.holdfast.posix.OsString;

/// What was written, made fit for a message: short, on one line, without control characters.
final class Shown {
  private static final int MAX_CHARACTERS = 120;

  private Shown() {}

  static String text(String text) {
    String cut = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "..." : text;
    return OsString.display(cut);
  }

  /// A place in the same file, without the name of the file.
  static String lineAndColumn(Place place) {
    return switch (place) {
      case Place.Position position -> "line " + position.line() + ", column " + position.column();
      case Place.Variable variable -> variable.name();
    };
  }
}
