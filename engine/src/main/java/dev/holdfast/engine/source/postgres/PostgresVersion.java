package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.SourceFacts;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Versions, as servers, programs and extensions write them.
final class PostgresVersion {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private PostgresVersion() {}

  /// The first number in a text; zero if there is none.
  static int major(String version) {
    Matcher number = NUMBER.matcher(version);
    return number.find() ? Integer.parseInt(number.group()) : 0;
  }

  /// Of the `pg_dump` that wrote a dump; zero if it is not known.
  static int majorOfDump(Optional<SourceFacts> facts) {
    return facts.map(known -> major(known.properties().getOrDefault("pg_dump", ""))).orElse(0);
  }

  /// Compares number by number.
  static int compare(String one, String other) {
    return Arrays.compare(numbers(one), numbers(other));
  }

  private static int[] numbers(String version) {
    return NUMBER
        .matcher(version)
        .results()
        .mapToInt(each -> Integer.parseInt(each.group()))
        .toArray();
  }
}
