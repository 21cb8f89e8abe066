package dev.holdfast.engine.source.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[a-z_][a-z0-9_$]*)";

  /// What a role is named after, in a statement that gives rights or settings.
  static final String ROLE_COMES = "(?:TO|FROM|ROLE|USER|FOR|AUTHORIZATION|GRANTED BY)";

  /// A statement of `pg_dump` that gives rights to a role, or takes them away.
  private static final Pattern RIGHT =
      Pattern.compile(
          "^(?:GRANT|REVOKE|ALTER DEFAULT PRIVILEGES) .* (?:TO|FROM) (%s)(?: WITH GRANT OPTION)?;$"
              .formatted(NAME),
          Pattern.MULTILINE);

  /// And one that makes a policy for roles.
  private static final Pattern POLICY =
      Pattern.compile(
          "^CREATE POLICY %1$s ON %1$s\\.%1$s(?: AS [A-Z]+)?(?: FOR [A-Z]+)? TO (%1$s(?:, %1$s)*)"
              .formatted(NAME));

  private Sql() {}

  /// The roles that statements of `pg_dump` give rights to, or make a policy for.
  static List<String> grantees(String statements) {
    List<String> grantees = new ArrayList<>();
    for (Pattern pattern : List.of(RIGHT, POLICY)) {
      Matcher found = pattern.matcher(statements);
      while (found.find()) {
        grantees.addAll(names(found.group(1)));
      }
    }
    return grantees;
  }

  /// The names, one or a list of them, that come after certain words: without understanding the
  /// statements, so that what stands in a text or a comment counts as well.
  static List<String> namesAfter(String words, String statements) {
    List<String> names = new ArrayList<>();
    Matcher lists =
        Pattern.compile("\\b" + words + "\\s+(" + NAME + "(?:\\s*,\\s*" + NAME + ")*)")
            .matcher(statements);
    while (lists.find()) {
      names.addAll(names(lists.group(1)));
    }
    return names;
  }

  private static List<String> names(String list) {
    return Pattern.compile(NAME)
        .matcher(list)
        .results()
        .map(MatchResult::group)
        .map(name ->
            name.startsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                : name)
        .toList();
  }

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
