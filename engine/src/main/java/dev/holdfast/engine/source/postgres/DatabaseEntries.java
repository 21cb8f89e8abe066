package dev.holdfast.engine.source.postgres;

import java.util.ArrayList;
import java.util.List;

/// What a dump says of its database itself, for a database that takes the place of none.
final class DatabaseEntries {
  private static final String KEYWORD = "DATABASE ";

  private DatabaseEntries() {}

  /// The likeness of a dump's database.
  ///
  /// @param other the name that it is made under
  static DatabaseLikeness of(List<ArchiveHead.Entry> entries, String other) {
    String create = "CREATE DATABASE " + Sql.name(other) + " TEMPLATE template0";
    List<String> settings = new ArrayList<>();
    for (ArchiveHead.Entry entry : entries) {
      switch (entry.description()) {
        case "DATABASE" -> {
          create = statements(entry, other).getFirst();
          if (!entry.owner().isEmpty()) {
            settings.add(
                "ALTER DATABASE %s OWNER TO %s"
                    .formatted(Sql.name(other), Sql.name(entry.owner())));
          }
        }
        case "DATABASE PROPERTIES" -> settings.addAll(naming(entry, other));
        case "ACL", "COMMENT" -> {
          if (entry.name().startsWith(KEYWORD)) {
            settings.addAll(naming(entry, other));
          }
        }
        default -> {} // it is about what is inside
      }
    }
    return new DatabaseLikeness(create, settings, List.of());
  }

  private static List<String> naming(ArchiveHead.Entry entry, String other) {
    return statements(entry, other).stream()
        .filter(statement -> statement.contains(KEYWORD))
        .toList();
  }

  /// The statements of an entry, for a database of another name.
  private static List<String> statements(ArchiveHead.Entry entry, String name) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    boolean inText = false;
    boolean inName = false;
    for (char c : entry.definition().toCharArray()) {
      inText ^= c == '\'' && !inName;
      inName ^= c == '"' && !inText;
      if (c == ';' && !inText && !inName) {
        statements.add(renamed(statement.toString().strip(), name));
        statement.setLength(0);
      } else {
        statement.append(c);
      }
    }
    return statements;
  }

  /// A statement with another name behind its first `DATABASE`.
  private static String renamed(String statement, String name) {
    int begin = statement.indexOf(KEYWORD);
    if (begin < 0) {
      return statement;
    }
    begin += KEYWORD.length();
    int end = begin;
    boolean quoted = false;
    while (end < statement.length() && (quoted || statement.charAt(end) != ' ')) {
      quoted ^= statement.charAt(end) == '"';
      end++;
    }
    return statement.substring(0, begin) + Sql.name(name) + statement.substring(end);
  }
}
