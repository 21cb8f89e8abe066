package dev.holdfast.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The hits of web sites, the same for the same seed: eight or so in a session, sessions at the
/// same time in each other's way, few popular pages and sites among many.
///
/// Run as a program, it executes statements on a database and says how long they took.
///
/// @param seed of everything
/// @param rows of the large table
record DuckDbDataSet(long seed, long rows) {
  String name() {
    return "seed %d, %,d rows".formatted(seed, rows);
  }

  /// What makes the data.
  List<String> statements() {
    return List.of(
        "CREATE TABLE site AS SELECT range AS id, 'site-' || range || '.example' AS name"
            + " FROM range(500)",
        """
        CREATE TABLE hit AS SELECT
          n AS id,
          TIMESTAMP '2026-01-01' + to_microseconds(n * 1300000 + CAST(h1 % 1000000 AS BIGINT))
            AS seen_at,
          CAST(pow(s1 % 1000003 / 1000003.0, 3) * 499 AS SMALLINT) AS site,
          s1 AS visitor,
          '/' || ['blog', 'docs', 'product', 'pricing', 'about', 'help', 'news', 'shop'][
              CAST(1 + h2 % 8 AS BIGINT)]
            || '/' || CAST(pow(h3 % 1000003 / 1000003.0, 4) * 20000 AS INTEGER) AS path,
          CASE s2 % 3
            WHEN 0 THEN 'https://search.example/?q=' || s2 % 50000
            WHEN 1 THEN 'https://social.example/' || s2 % 2000
          END AS referrer,
          ['DE', 'US', 'FR', 'GB', 'NL', 'ES', 'IT', 'PL', 'SE', 'JP'][
              1 + CAST(pow(s2 % 1009 / 1009.0, 2) * 9.99 AS INTEGER)] AS country,
          CAST(h2 % 100000 AS INTEGER) AS duration_ms,
          s1 % 97 = 0 AS is_bot
        FROM (
          SELECT *, hash(s * 5 + 13) AS s1, hash(s * 7 + 17) AS s2 FROM (
            SELECT
              range AS n,
              (range + hash(range + SEED) % 64) // 8 AS s,
              hash(range + SEED) AS h1,
              hash(range + 7) AS h2,
              hash(range * 3 + 11) AS h3
            FROM range(ROWS)))
        """
            .replace("SEED", Long.toString(seed))
            .replace("ROWS", Long.toString(rows)),
        "CREATE TABLE goal AS SELECT id, id % 50 AS goal FROM hit WHERE id % 40 = 0",
        "CHECKPOINT");
  }

  /// What happens between two backups: rows all over the table are corrected, new ones come, some
  /// go, and the last state is checkpointed or stays in the log.
  ///
  /// @param round tells one time from another
  List<String> changes(int round, int updates, int inserts, int deletes, boolean checkpoint) {
    String some =
        "SELECT CAST(hash(range * 31 + %d) %% %d AS BIGINT) FROM range(%d)"
            .formatted(seed + round, rows, updates);
    String gone =
        "SELECT CAST(hash(range * 37 + %d) %% %d AS BIGINT) FROM range(%d)"
            .formatted(seed + round, rows, deletes);
    return List.of(
        "UPDATE hit SET duration_ms = duration_ms + 1 WHERE id IN (" + some + ")",
        "INSERT INTO hit SELECT id + %d, seen_at, site, hash(visitor), path, referrer, country,"
                .formatted(rows * (round + 1))
            + " duration_ms, is_bot FROM hit WHERE id < "
            + inserts,
        "DELETE FROM hit WHERE id IN (" + gone + ")",
        checkpoint ? "CHECKPOINT" : "SELECT 1");
  }

  /// The command that executes statements on a database, see [#main].
  static List<String> program(Path database, List<String> statements) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DuckDbDataSet.class.getName(),
                database.toString()));
    words.addAll(statements);
    return words;
  }

  /// Executes statements, in a process of its own: a database that is left with a log stays so.
  ///
  /// @param arguments the database, and then the statements
  public static void main(String[] arguments) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + arguments[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("SET memory_limit = '2GB'");
      statement.execute("SET checkpoint_threshold = '1GB'");
      // What is not checkpointed stays in the log, as while a process goes on.
      statement.execute("PRAGMA disable_checkpoint_on_shutdown");
      long start = System.nanoTime();
      for (int i = 1; i < arguments.length; i++) {
        statement.execute(arguments[i]);
      }
      System.out.println((System.nanoTime() - start) / 1e9);
    }
  }
}
