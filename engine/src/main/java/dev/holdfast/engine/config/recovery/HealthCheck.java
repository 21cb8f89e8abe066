package dev.holdfast.engine.config.recovery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A question whose answer says that the service is well with the new data.
///
/// @param limit until it must have been answered well, from when everything was started
/// @param interval between two attempts
public record HealthCheck(Question question, Duration limit, Duration interval) {
  /// Between two attempts.
  public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(500);

  /// With the usual limits.
  public static HealthCheck of(Question question) {
    return new HealthCheck(question, Limits.DEFAULT, DEFAULT_INTERVAL);
  }

  /// The same with another limit.
  public HealthCheck within(Duration other) {
    return new HealthCheck(question, other, interval);
  }

  /// What is asked.
  public sealed interface Question {}

  /// A command that ends with 0.
  public record Command(List<String> words) implements Question {
    public Command {
      words = List.copyOf(words);
      if (words.isEmpty()) {
        throw new IllegalArgumentException("no program");
      }
    }
  }

  /// A request that is answered as it should be.
  public record Http(HttpCall call) implements Question {}

  /// A query on recovered databases, each of which must answer well.
  ///
  /// @param database the name of the source, or the path of a database; empty: all databases
  /// @param expected the first value of the answer, as text; empty: neither nothing, nor zero, nor
  ///   empty
  public record Sql(String database, String query, Optional<String> expected) implements Question {}

  /// What it is, for messages; without arguments, which may hold secrets.
  public String describe() {
    return switch (question) {
      case Command command -> "'" + command.words().getFirst() + "'";
      case Http http -> http.call().place();
      case Sql sql -> "'" + sql.query() + "'";
    };
  }
}
