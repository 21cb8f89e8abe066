package dev.holdfast.engine.source.sqlite;

/// What a file is to the SQLite source, by its content.
public sealed interface Detection {
  /// Whether it is for this source to open, be it in vain.
  default boolean isDatabase() {
    return switch (this) {
      case OrdinaryFile _ -> false;
      case Database _, Refused _ -> true;
    };
  }

  /// Not a database: an ordinary file, empty files included.
  record OrdinaryFile() implements Detection {}

  /// A database, to be opened with [SqliteSource].
  record Database(SqliteHeader header) implements Detection {}

  /// Something that is a database and cannot be taken consistently: encrypted or damaged.
  ///
  /// @param reason lowercase, without the name of the file, such as `is an encrypted database`
  record Refused(String reason) implements Detection {}
}
