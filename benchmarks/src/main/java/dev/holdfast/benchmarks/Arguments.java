package dev.holdfast.benchmarks;

import java.util.HashMap;
import java.util.Map;

/// The `name=value` arguments of a benchmark; everything has a default.
final class Arguments {
  private final Map<String, String> values = new HashMap<>();

  Arguments(String[] arguments) {
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("expected name=value, got " + argument);
      }
      values.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
  }

  String take(String name, String standard) {
    String value = values.remove(name);
    return value == null ? standard : value;
  }

  int take(String name, int standard) {
    return Integer.parseInt(take(name, String.valueOf(standard)));
  }

  long take(String name, long standard) {
    return Long.parseLong(take(name, String.valueOf(standard)));
  }

  /// Called when everything that has a meaning was taken.
  void end() {
    if (!values.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + values.keySet());
    }
  }
}
