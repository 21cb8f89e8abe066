package dev.holdfast.engine.source.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Names and texts as SQL has them.
final class Sql {
  /// Settings whose value is a list of names, each quoted by itself (PostgreSQL source,
  /// `src/bin/pg_dump/dumputils.c`, `variable_is_guc_list_quote`).
  private static final Set<String> LISTS =
      Set.of(
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  private Sql() {}

  static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// In a session with `standard_conforming_strings`.
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  static String literals(List<String> texts) {
    return texts.stream().map(Sql::literal).collect(Collectors.joining(", "));
  }

  /// The value of a setting, as the catalog has it, for a `SET`.
  static String settingValue(String setting, String value) {
    return LISTS.contains(setting) && !value.isBlank() ? literals(elements(value)) : literal(value);
  }

  /// The elements of a list of names, which may be quoted.
  private static List<String> elements(String list) {
    List<String> elements = new ArrayList<>();
    StringBuilder element = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (c == '"' && quoted && i + 1 < list.length() && list.charAt(i + 1) == '"') {
        element.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        elements.add(element.toString());
        element.setLength(0);
      } else if (quoted || !Character.isWhitespace(c)) {
        element.append(c);
      }
    }
    elements.add(element.toString());
    return elements;
  }
}
