package dev.holdfast.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// An application that works on an order database between backups.
final class Workday implements AutoCloseable {
  private static final int LOG_HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 24;

  private final Shape shape;
  private final Path database;
  private final int pageBytes;
  private final SplittableRandom random;
  private final OrderRows newRows;
  private final Connection connection;
  private long rows;

  /// What happens between two backups.
  record Shape(int updates, int inserts, int deletes, Skew skew) {}

  /// What has changed.
  ///
  /// @param pageCount of the database now
  /// @param pages by number from 0, the content of each page that was written
  record Changes(int pageCount, TreeMap<Integer, byte[]> pages) {
    byte[] bytes() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      pages.values().forEach(all::writeBytes);
      return all.toByteArray();
    }
  }

  /// Opens a database that nobody else writes to.
  Workday(Path database, SqliteDataSet data, Shape shape) throws SQLException {
    this.shape = shape;
    this.database = database;
    this.pageBytes = data.pageSizeBytes();
    this.random = new SplittableRandom(data.seed() + 1);
    this.newRows = OrderRows.later(data.seed(), data.rowBytes(), random);
    this.connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    SqliteDataSet.execute(connection, "PRAGMA journal_mode=WAL");
    SqliteDataSet.execute(connection, "PRAGMA synchronous=OFF");
    SqliteDataSet.execute(connection, "PRAGMA wal_autocheckpoint=0");
    SqliteDataSet.execute(connection, "PRAGMA cache_size=-50000");
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT max(id) FROM orders")) {
      result.next();
      rows = result.getLong(1);
    }
  }

  /// Works until the next backup. Afterwards the database file is the whole state.
  Changes work() throws SQLException, IOException {
    connection.setAutoCommit(false);
    try (PreparedStatement update =
            connection.prepareStatement("UPDATE orders SET amount_cents=? WHERE id=?");
        PreparedStatement insert = connection.prepareStatement(OrderRows.INSERT);
        PreparedStatement delete = connection.prepareStatement("DELETE FROM orders WHERE id=?")) {
      for (int i = 0; i < shape.updates(); i++) {
        update.setLong(1, newRows.amount());
        update.setLong(2, 1 + shape.skew().pick(random, rows));
        update.executeUpdate();
      }
      for (int i = 0; i < shape.inserts(); i++) {
        newRows.bind(insert);
        insert.executeUpdate();
        rows++;
      }
      for (int i = 0; i < shape.deletes(); i++) {
        delete.setLong(1, 1 + random.nextLong(rows));
        delete.executeUpdate();
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
    Changes changes = changes();
    SqliteDataSet.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    return changes;
  }

  /// What the log holds (SQLite's file format, section 4).
  private Changes changes() throws IOException {
    byte[] log = Files.readAllBytes(Path.of(database + "-wal"));
    TreeMap<Integer, byte[]> pages = new TreeMap<>();
    int pageCount = 0;
    int frame = FRAME_HEADER_BYTES + pageBytes;
    for (int at = LOG_HEADER_BYTES; at + frame <= log.length; at += frame) {
      ByteBuffer header = ByteBuffer.wrap(log, at, FRAME_HEADER_BYTES);
      int page = header.getInt() - 1;
      int pagesAfterCommit = header.getInt();
      byte[] content = new byte[pageBytes];
      System.arraycopy(log, at + FRAME_HEADER_BYTES, content, 0, pageBytes);
      pages.put(page, content);
      pageCount = pagesAfterCommit == 0 ? pageCount : pagesAfterCommit;
    }
    return new Changes(pageCount, new TreeMap<>(pages.headMap(pageCount)));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
