package dev.holdfast.engine.config.recovery;

import dev.holdfast.engine.config.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is done when new data is in place and nothing uses it yet. Done again when a recovery is
/// resumed in its middle.
public sealed interface AfterAction {
  /// Migrations of a large database take their time.
  Duration DEFAULT_LIMIT = Duration.ofMinutes(30);

  Duration limit();

  /// A command that must end with 0.
  record Command(List<String> words, Duration limit) implements AfterAction {
    public Command {
      words = List.copyOf(words);
      if (words.isEmpty()) {
        throw new IllegalArgumentException("no program");
      }
    }
  }

  /// Deletes keys of a database of a Redis server.
  ///
  /// @param prefixes keys that begin with one of them are deleted; none: every key of the database
  /// @param limit for all of it
  record Redis(RedisServer server, List<String> prefixes, Duration limit) implements AfterAction {
    public Redis {
      prefixes = List.copyOf(prefixes);
      if (prefixes.contains("")) {
        throw new IllegalArgumentException("an empty prefix");
      }
    }
  }

  /// Where a Redis server is, and as whom it is used.
  ///
  /// @param database its number
  /// @param user of its access control list
  /// @param tls whether the connection is encrypted, and the server's certificate checked
  /// @param certificates a file of authorities in PEM to check it with; empty: those of Java
  record RedisServer(
      String host,
      int port,
      int database,
      Optional<String> user,
      Optional<Secret> password,
      boolean tls,
      Optional<String> certificates) {
    public static final int DEFAULT_PORT = 6379;

    /// For messages.
    public String place() {
      return host + ":" + port;
    }
  }

  /// What it is, for messages; without arguments, which may hold secrets.
  default String describe() {
    return switch (this) {
      case Command command -> "'" + command.words().getFirst() + "'";
      case Redis redis when redis.prefixes().isEmpty() ->
          "delete every key in database %d of the Redis at %s"
              .formatted(redis.server().database(), redis.server().place());
      case Redis redis ->
          "delete the keys %s in database %d of the Redis at %s"
              .formatted(
                  String.join(", ", redis.prefixes().stream().map(it -> it + "*").toList()),
                  redis.server().database(),
                  redis.server().place());
    };
  }
}
