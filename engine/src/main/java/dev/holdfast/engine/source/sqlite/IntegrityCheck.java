package dev.holdfast.engine.source.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.Collation;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

/// SQLite's own check of a database. Some databases need functions, collations or tokenizers that
/// only their application has, for an index such as `lower_of(name)`: SQLite checks nothing then.
/// They are checked table by table, each as far as it goes without.
final class IntegrityCheck {
  /// What is said of a damaged database.
  private static final int PROBLEMS_SHOWN = 3;

  private static final String FINE = "ok";

  /// Virtual tables have no pages; what they keep is in tables of other names.
  private static final String TABLES =
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name";

  private static final Pattern COLLATION =
      Pattern.compile("\\bCOLLATE\\s+([\"'`\\[]?)([^\"'`\\]\\s,();]+)", Pattern.CASE_INSENSITIVE);

  private static final Set<String> BUILT_IN = Set.of("BINARY", "NOCASE", "RTRIM");

  private final SQLiteConnection connection;

  IntegrityCheck(SQLiteConnection connection) {
    this.connection = connection;
  }

  /// What is wrong with it, some of it; empty if nothing is.
  List<String> problems() throws SQLException {
    try {
      return problems("integrity_check", String.valueOf(PROBLEMS_SHOWN));
    } catch (SQLException e) {
      if (!lacksSomething(e)) {
        throw e;
      }
      return problemsOfTables();
    }
  }

  private List<String> problemsOfTables() throws SQLException {
    List<String> problems = new ArrayList<>(problems("integrity_check", "sqlite_schema"));
    List<String> rest = new ArrayList<>();
    for (String table : column(TABLES)) {
      try {
        problems.addAll(problems("integrity_check", quoted(table)));
      } catch (SQLException e) {
        rest.add(whatLacksSomething(table, e));
      }
    }
    if (!rest.isEmpty()) {
      standInForCollations();
      execute("PRAGMA ignore_check_constraints = 1");
      for (String table : rest) {
        problems.addAll(problemsOfPages(table));
      }
    }
    return problems.stream().limit(PROBLEMS_SHOWN).toList();
  }

  /// Whether its pages, and those of its indexes, are whole: that calls no function and compares
  /// nothing with an index.
  private List<String> problemsOfPages(String table) throws SQLException {
    try {
      return problems("quick_check", quoted(table));
    } catch (SQLException e) {
      String _ = whatLacksSomething(table, e);
      return List.of(); // its rows are counted, at least
    }
  }

  private static String whatLacksSomething(String table, SQLException e) throws SQLException {
    if (!lacksSomething(e)) {
      throw e;
    }
    return table;
  }

  /// Damage has codes of its own.
  private static boolean lacksSomething(SQLException e) {
    return Failures.baseCode(e) == SQLiteErrorCode.SQLITE_ERROR;
  }

  /// A statement that names an index cannot be made without the collations of its columns.
  private void standInForCollations() throws SQLException {
    Set<String> names = new TreeSet<>();
    for (String sql : column("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")) {
      Matcher matcher = COLLATION.matcher(sql);
      while (matcher.find()) {
        names.add(matcher.group(2));
      }
    }
    for (String name : names) {
      if (!BUILT_IN.contains(name.toUpperCase(Locale.ROOT))) {
        Collation.create(connection, name, new AnyOrder());
      }
    }
  }

  private static final class AnyOrder extends Collation {
    @Override
    protected int xCompare(String left, String right) {
      return left.compareTo(right);
    }
  }

  private List<String> problems(String pragma, String argument) throws SQLException {
    List<String> answers = column("PRAGMA %s(%s)".formatted(pragma, argument));
    return answers.equals(List.of(FINE)) ? List.of() : answers;
  }

  private List<String> column(String query) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet rows = statement.executeQuery()) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
