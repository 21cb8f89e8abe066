package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/// Writes an order database like those of small web applications: text of a skewed vocabulary,
/// numbers, random tokens, two indexes on random keys. The same parameters give the same rows.
///
/// @param seed of all randomness
/// @param sizeBytes the file is grown to at least this size
/// @param pageSizeBytes a power of two from 512 to 65,536
/// @param rowBytes mean length of the free text in a row
/// @param deletedShare share of rows deleted at random afterwards, which fragments the file
record SqliteDataSet(
    long seed, long sizeBytes, int pageSizeBytes, int rowBytes, double deletedShare) {
  private static final int ROWS_PER_TRANSACTION = 20_000;
  private static final int VOCABULARY = 4_096;
  private static final int MAX_WORD_CHARS = 10;

  /// Tells data sets apart in a folder that keeps several.
  String name() {
    return "orders-%d-%dM-%dp-%dr-%.2fd"
        .formatted(seed, sizeBytes >> 20, pageSizeBytes, rowBytes, deletedShare);
  }

  /// Writes the database to `file`, which must not exist.
  void write(Path file) throws SQLException, IOException {
    SplittableRandom random = new SplittableRandom(seed);
    String[] words = vocabulary(random);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      execute(connection, "PRAGMA page_size=" + pageSizeBytes);
      execute(connection, "PRAGMA journal_mode=WAL");
      execute(connection, "PRAGMA synchronous=OFF");
      execute(connection, "PRAGMA cache_size=-200000");
      execute(
          connection,
          "CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER NOT NULL,"
              + " placed_at INTEGER NOT NULL, token TEXT NOT NULL, amount_cents INTEGER NOT NULL,"
              + " note TEXT NOT NULL)");
      execute(connection, "CREATE INDEX orders_token ON orders(token)");
      execute(connection, "CREATE INDEX orders_customer ON orders(customer, placed_at)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO orders(customer, placed_at, token, amount_cents, note)"
                  + " VALUES(?,?,?,?,?)")) {
        long placedAt = 1_700_000_000L;
        while (Files.size(file) < sizeBytes) {
          for (int i = 0; i < ROWS_PER_TRANSACTION; i++) {
            placedAt += random.nextInt(30);
            insert.setLong(1, skewed(random, 200_000));
            insert.setLong(2, placedAt);
            insert.setString(3, Long.toHexString(random.nextLong()));
            insert.setLong(4, random.nextInt(1_000_000));
            insert.setString(5, text(random, words));
            insert.addBatch();
          }
          insert.executeBatch();
          connection.commit();
          connection.setAutoCommit(true);
          execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
          connection.setAutoCommit(false);
        }
      }
      if (deletedShare > 0) {
        execute(
            connection,
            "DELETE FROM orders WHERE (id * 2654435761 % 1000000) < "
                + Math.round(deletedShare * 1_000_000));
        connection.commit();
      }
      connection.setAutoCommit(true);
      execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
      execute(connection, "PRAGMA synchronous=FULL");
    }
  }

  /// A statement of its own each: a pragma's open result would keep the next commit from working.
  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String[] vocabulary(SplittableRandom random) {
    String[] words = new String[VOCABULARY];
    for (int i = 0; i < words.length; i++) {
      StringBuilder word = new StringBuilder();
      int chars = 2 + random.nextInt(MAX_WORD_CHARS - 1);
      for (int c = 0; c < chars; c++) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      words[i] = word.toString();
    }
    return words;
  }

  /// A number below `bound`, small ones far more often, as customers and words are.
  private static int skewed(SplittableRandom random, int bound) {
    double u = random.nextDouble();
    return (int) (bound * u * u * u);
  }

  private String text(SplittableRandom random, String[] words) {
    int length = rowBytes / 2 + random.nextInt(rowBytes);
    StringBuilder text = new StringBuilder(length + MAX_WORD_CHARS + 1);
    while (text.length() < length) {
      text.append(words[skewed(random, words.length)]).append(' ');
    }
    return text.toString();
  }
}
