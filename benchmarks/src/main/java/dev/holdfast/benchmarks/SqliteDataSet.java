package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/// Writes an order database like those of small web applications, with two indexes on random keys.
/// The same parameters give the same rows.
///
/// @param seed of all randomness
/// @param sizeBytes the file is grown to at least this size
/// @param pageSizeBytes a power of two from 512 to 65,536
/// @param rowBytes mean length of the free text in a row
/// @param deletedShare share of rows deleted at random afterwards, which fragments the file
/// @param layout how the pages of table and indexes lie in the file
record SqliteDataSet(
    long seed,
    long sizeBytes,
    int pageSizeBytes,
    int rowBytes,
    double deletedShare,
    Layout layout) {
  private static final int ROWS_PER_TRANSACTION = 20_000;

  /// Above this size a transaction of so few rows would write most pages of the indexes for a few
  /// megabytes of rows, and the whole some hundred times.
  private static final long MAX_SMALL_BYTES = 2L << 30;

  private static final int MANY_ROWS_PER_TRANSACTION = 1_000_000;
  private static final int CACHE_KIB = 200_000;

  /// Of the file; holds the indexes.
  private static final int SHARE_CACHED = 6;

  /// How the pages of table and indexes lie in a file.
  enum Layout {
    /// The indexes grew with the table: their pages lie among each other.
    GROWN,
    /// The file was vacuumed: the pages of the table, and then those of each index.
    VACUUMED
  }

  static SqliteDataSet parse(Arguments given) {
    return parse(given, 1024L);
  }

  /// @param standardMib size where none is given
  static SqliteDataSet parse(Arguments given, long standardMib) {
    return new SqliteDataSet(
        given.take("seed", 20260101L),
        given.take("database-mib", standardMib) << 20,
        given.take("page-size", 4096),
        given.take("row-bytes", 300),
        Double.parseDouble(given.take("deleted-share", "0.02")),
        Layout.valueOf(given.take("layout", "grown").toUpperCase(Locale.ROOT)));
  }

  /// Tells data sets apart in a folder that keeps several.
  String name() {
    return "orders-%d-%dM-%dp-%dr-%.2fd%s"
        .formatted(
            seed,
            sizeBytes >> 20,
            pageSizeBytes,
            rowBytes,
            deletedShare,
            layout == Layout.GROWN ? "" : "-vacuumed");
  }

  /// The database in `scratch`, made if it is not there.
  Path in(Path scratch) throws SQLException, IOException {
    Path file = scratch.resolve(name() + ".db");
    if (!Files.exists(file)) {
      Path draft = scratch.resolve("draft.db");
      Files.deleteIfExists(draft);
      write(draft);
      Files.move(draft, file);
    }
    return file;
  }

  /// Writes the database to `file`, which must not exist.
  void write(Path file) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      execute(connection, "PRAGMA page_size=" + pageSizeBytes);
      execute(connection, "PRAGMA journal_mode=WAL");
      execute(connection, "PRAGMA synchronous=OFF");
      execute(connection, "PRAGMA cache_size=-" + cacheKib());
      execute(connection, OrderRows.TABLE);
      execute(connection, OrderRows.TOKEN_INDEX);
      execute(connection, OrderRows.CUSTOMER_INDEX);
      connection.setAutoCommit(false);
      OrderRows rows = OrderRows.first(seed, rowBytes);
      try (PreparedStatement insert = connection.prepareStatement(OrderRows.INSERT)) {
        while (Files.size(file) < sizeBytes) {
          for (int i = 0; i < rowsPerTransaction(); i += ROWS_PER_TRANSACTION) {
            insert(rows, insert);
          }
          connection.commit();
          checkpoint(connection);
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
      checkpoint(connection);
      if (layout == Layout.VACUUMED) {
        execute(connection, "VACUUM");
        checkpoint(connection);
      }
      execute(connection, "PRAGMA synchronous=FULL");
    }
  }

  private int rowsPerTransaction() {
    return sizeBytes <= MAX_SMALL_BYTES ? ROWS_PER_TRANSACTION : MANY_ROWS_PER_TRANSACTION;
  }

  private long cacheKib() {
    return sizeBytes <= MAX_SMALL_BYTES ? CACHE_KIB : (sizeBytes / SHARE_CACHED) >> 10;
  }

  private static void insert(OrderRows rows, PreparedStatement insert) throws SQLException {
    for (int i = 0; i < ROWS_PER_TRANSACTION; i++) {
      rows.bind(insert);
      insert.addBatch();
    }
    insert.executeBatch();
  }

  private static void checkpoint(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /// A statement of its own each: a pragma's open result would keep the next commit from working.
  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
