package dev.holdfast.engine.config.proof;

import dev.holdfast.engine.config.Invocation;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// A question of an app's own about its recovered state, asked by a drill.
public sealed interface Check {
  String name();

  /// A query whose first value is what it should be.
  ///
  /// @param source the name of the source; empty if the app has one database only. Of a source that
  ///   stands for several databases, such as one for each tenant, every one is asked
  /// @param equal the value itself, as text
  /// @param least the smallest number that will do
  /// @param most the largest number that will do
  record Sql(
      String name,
      Optional<String> source,
      String query,
      Optional<String> equal,
      OptionalLong least,
      OptionalLong most)
      implements Check {}

  /// Files that must be there.
  ///
  /// @param pattern absolute, with the meaning of [PathFilter]: where they are in the live app
  /// @param least how many
  /// @param minBytes how long each of them
  record Files(String name, String pattern, long least, long minBytes) implements Check {}

  /// A command that ends with 0.
  record Command(String name, Invocation command, Duration limit) implements Check {
    public static final Duration DEFAULT_LIMIT = Duration.ofMinutes(5);
  }
}
