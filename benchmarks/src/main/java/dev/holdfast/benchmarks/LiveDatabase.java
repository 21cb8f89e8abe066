package dev.holdfast.benchmarks;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/// A database of an application: its data, and what happens to it between two recoveries. Databases
/// in files are left with a log, as by an application that was in use.
sealed interface LiveDatabase extends AutoCloseable {
  /// Rows that are changed before each recovery.
  int CHANGES = 200;

  /// The engines.
  enum Kind {
    SQLITE("SQLite"),
    DUCKDB("DuckDB"),
    POSTGRES("PostgreSQL");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /// Makes one.
  ///
  /// @param scratch where data of the same parameters are kept for the next time
  /// @param folder of the application
  static LiveDatabase of(Kind kind, Path scratch, Path folder, long seed, long mib)
      throws IOException, SQLException, InterruptedException {
    return switch (kind) {
      case SQLITE -> InSqlite.in(scratch, folder, seed, mib);
      case DUCKDB -> InDuckDb.in(scratch, folder, seed, mib);
      case POSTGRES -> OnServer.with(seed, mib);
    };
  }

  /// As the configuration names it.
  String source();

  /// A command of a shell that becomes a process which holds it, until it is ended.
  String holder();

  long bytes() throws IOException;

  /// Changes some rows.
  void change(int round) throws IOException;

  @Override
  default void close() {}

  /// A SQLite database in WAL mode.
  ///
  /// @param file the database
  record InSqlite(Path file) implements LiveDatabase {
    static InSqlite in(Path scratch, Path folder, long seed, long mib)
        throws IOException, SQLException {
      Path original =
          new SqliteDataSet(seed, mib << 20, 4096, 300, 0.02, SqliteDataSet.Layout.GROWN)
              .in(scratch);
      return new InSqlite(Files.copy(original, folder.resolve("shop.db")));
    }

    @Override
    public String source() {
      return "{path: shop.db}";
    }

    @Override
    public String holder() {
      return "sleep infinity 3<'" + file + "'";
    }

    @Override
    public long bytes() throws IOException {
      return Files.size(file);
    }

    @Override
    public void change(int round) {
      Command.of(
              "sqlite3",
              file.toString(),
              ".dbconfig no_ckpt_on_close on",
              "UPDATE orders SET note = note || '.' WHERE id %% 1009 = %d AND id < %d"
                  .formatted(round, 1009 * CHANGES))
          .run()
          .succeeded();
    }
  }

  /// A DuckDB database.
  ///
  /// @param file the database
  /// @param data what is in it
  record InDuckDb(Path file, DuckDbDataSet data) implements LiveDatabase {
    /// Of a file with all rows, as DuckDB compresses them.
    private static final double BYTES_PER_ROW = 21.5;

    static InDuckDb in(Path scratch, Path folder, long seed, long mib) throws IOException {
      DuckDbDataSet data = new DuckDbDataSet(seed, Math.round((mib << 20) / BYTES_PER_ROW));
      Path original = scratch.resolve("hits-%d-%d.duckdb.original".formatted(seed, data.rows()));
      Path draft = folder.resolve("shop.duckdb");
      InDuckDb database = new InDuckDb(draft, data);
      if (!Files.exists(original)) {
        database.execute(data.statements());
        Files.move(draft, original);
      }
      Files.copy(original, draft, StandardCopyOption.REPLACE_EXISTING);
      return database;
    }

    @Override
    public String source() {
      return "{path: shop.duckdb}";
    }

    @Override
    public String holder() {
      return "sleep infinity 3<'" + file + "'";
    }

    @Override
    public long bytes() throws IOException {
      return Files.size(file);
    }

    @Override
    public void change(int round) {
      execute(data.changes(round, CHANGES, CHANGES, CHANGES / 10, false));
    }

    /// In a process of its own, which leaves the log.
    private void execute(List<String> statements) {
      List<String> words = DuckDbDataSet.program(file, statements);
      Command.of(words.toArray(String[]::new)).run().succeeded();
    }
  }

  /// A database of a server of its own.
  ///
  /// @param server with the database
  /// @param data what is in it
  /// @param random of the changes
  record OnServer(PostgresServerProcess server, PostgresDataSet data, SplittableRandom random)
      implements LiveDatabase {
    private static final int VERSION = 15;

    /// Of a database with its indexes.
    private static final double BYTES_PER_ROW = 470;

    static OnServer with(long seed, long mib) throws IOException, InterruptedException {
      PostgresServerProcess server =
          PostgresServerProcess.start(
              VERSION, "fsync=on", "shared_buffers=256MB", "max_wal_size=4GB");
      PostgresDataSet data =
          new PostgresDataSet(
              seed, Math.toIntExact(Math.round((mib << 20) / BYTES_PER_ROW)), 300, 0.02);
      data.write(server);
      return new OnServer(server, data, new SplittableRandom(seed));
    }

    @Override
    public String source() {
      return "{postgres: {url: '" + server.address(PostgresDataSet.DATABASE) + "'}}";
    }

    @Override
    public String holder() {
      return "psql -X -c 'SELECT pg_sleep(86400)' '"
          + server.address(PostgresDataSet.DATABASE)
          + "'";
    }

    @Override
    public long bytes() {
      return Long.parseLong(
          server.sql(
              PostgresDataSet.DATABASE,
              "SELECT pg_database_size('" + PostgresDataSet.DATABASE + "')"));
    }

    @Override
    public void change(int round) {
      server.sql(PostgresDataSet.DATABASE, data.changes(random, CHANGES, CHANGES, CHANGES / 10));
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
