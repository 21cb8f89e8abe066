package dev.holdfast.engine.recover.service;

import java.net.URI;
import java.util.List;

/// A question whose answer says that the service is well with the new data.
public sealed interface HealthCheck {
  /// A command that ends with 0.
  record Command(List<String> words) implements HealthCheck {
    public Command {
      words = List.copyOf(words);
      if (words.isEmpty()) {
        throw new IllegalArgumentException("no program");
      }
    }
  }

  /// An address that answers a GET with a status from 200 to 299.
  record Http(URI address) implements HealthCheck {}

  /// A query on the recovered database whose first value is neither nothing, nor zero, nor empty.
  ///
  /// @param path of the database, empty for the only one there is
  record Sql(String path, String query) implements HealthCheck {}

  /// What it is, for messages; without arguments, which may hold secrets.
  default String describe() {
    return switch (this) {
      case Command command -> "'" + command.words().getFirst() + "'";
      case Http http -> http.address().getScheme() + "://" + http.address().getAuthority() + "/";
      case Sql sql -> "'" + sql.query() + "'";
    };
  }
}
