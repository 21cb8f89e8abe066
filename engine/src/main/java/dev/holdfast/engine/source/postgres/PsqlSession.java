package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.stream.InterruptibleInput;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One session with a database, held open by a `psql` that reads statements from a pipe. One thread
/// at a time.
///
/// Every field of a result ends with a zero byte, which no text of PostgreSQL can hold, and a line
/// that is echoed behind each result says that it is complete.
final class PsqlSession implements AutoCloseable {
  private static final String END = "holdfast-end-of-result";

  /// Most bytes of one field: the list of everything in a large schema stays far below.
  private static final int MAX_FIELD_BYTES = 64 * 1024 * 1024;

  private final ClientProcess process;
  private final InterruptibleInput interruptible;
  private final InputStream output;
  private final OutputStream input;
  private final String place;
  private final PostgresSettings settings;

  private PsqlSession(
      ClientProcess process, PostgresSettings settings, String place, Silence silence) {
    this.process = process;
    this.interruptible =
        new InterruptibleInput(process.output(), silence.limit(), () -> silence.tell(place));
    this.output = new BufferedInputStream(interruptible);
    this.input = process.input();
    this.settings = settings;
    this.place = place;
  }

  /// Connects, and sets the session up so that it neither times out nor depends on anybody's
  /// settings.
  ///
  /// @param place what is connected to, for messages
  /// @param silence told when an answer takes long
  static PsqlSession open(
      ClientPrograms.Programs programs,
      PostgresSettings settings,
      Map<String, String> environment,
      String place,
      Silence silence) {
    Map<String, String> own = new HashMap<>(environment);
    own.put("PGCLIENTENCODING", "UTF8");
    ClientProcess process = ClientProcess.start("psql", command(programs, settings), settings, own);
    PsqlSession session = new PsqlSession(process, settings, place, silence);
    try {
      session.setUp();
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static List<String> command(ClientPrograms.Programs programs, PostgresSettings settings) {
    return List.of(
        programs.psql(),
        "--no-psqlrc",
        "--no-password",
        "--quiet",
        "--tuples-only",
        "--no-align",
        "--field-separator-zero",
        "--record-separator-zero",
        "--set=ON_ERROR_STOP=1",
        "--dbname=" + settings.connectionString());
  }

  private void setUp() {
    // Before anything else: from now on nobody's function or operator of the same name, in a schema
    // that the database is set to look into first, is called instead of the server's own.
    query("SELECT pg_catalog.set_config('search_path', '', false)", 1);
    query(TextEncoding.SET_CLIENT, 1);
    // Servers before 17 and 14 do not know these.
    query(
        "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings"
            + " WHERE name IN ('transaction_timeout', 'idle_session_timeout')",
        1);
    // The longest a statement waits for a lock is the owner's choice; nothing else may end it.
    for (String setting :
        List.of(
            "statement_timeout=0",
            "idle_in_transaction_session_timeout=0",
            // What a database is closed with before it is recovered.
            "default_transaction_read_only=off",
            "lock_timeout=" + settings.lockWait().toMillis(),
            "DateStyle=ISO",
            "IntervalStyle=postgres",
            "extra_float_digits=3",
            "bytea_output=hex",
            "standard_conforming_strings=on",
            "client_min_messages=warning")) {
      int equals = setting.indexOf('=');
      execute("SET " + setting.substring(0, equals) + " = '" + setting.substring(equals + 1) + "'");
    }
  }

  /// Whether it still answers.
  boolean isAlive() {
    try {
      return query("SELECT 1", 1).size() == 1;
    } catch (HoldfastException.InputOutput e) {
      return false;
    }
  }

  /// Runs a statement that returns nothing.
  void execute(String statement) {
    if (!query(statement, 1).isEmpty()) {
      throw new IllegalStateException("a result nobody wants: " + statement);
    }
  }

  /// Runs a query that returns one row.
  List<String> row(String query, int columns) {
    List<List<String>> rows = query(query, columns);
    if (rows.size() != 1) {
      throw new IllegalStateException(rows.size() + " rows instead of one: " + query);
    }
    return rows.getFirst();
  }

  /// Runs a query for one value of each row.
  List<String> column(String query) {
    return query(query, 1).stream().map(List::getFirst).toList();
  }

  /// The rows of a query that whoever connected asks, also where `ALTER ROLE … SET role` lets that
  /// one act as somebody else: a session is seen and ended by whom it was opened by.
  List<List<String>> queryAsConnected(String query, int columns) {
    execute("SET ROLE NONE");
    List<List<String>> rows = query(query, columns);
    execute("RESET ROLE");
    return rows;
  }

  /// Runs a query.
  ///
  /// @return its rows, a null as the empty text
  /// @throws HoldfastException.InputOutput if it fails, or the connection
  List<List<String>> query(String query, int columns) {
    try {
      input.write(OsString.encode(query + ";\n\\echo " + END + "\n"));
      input.flush();
    } catch (IOException e) {
      throw failed(e);
    }
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    try {
      for (String field = field(); field != null; field = field()) {
        row.add(field);
        if (row.size() == columns) {
          rows.add(row);
          row = new ArrayList<>();
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
    if (!row.isEmpty()) {
      throw new IllegalStateException("not " + columns + " columns: " + query);
    }
    return rows;
  }

  /// The next field, or null at the end of the result.
  private @Nullable String field() throws IOException {
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    while (field.size() < MAX_FIELD_BYTES) {
      int b = output.read();
      if (b < 0) {
        throw failed(null);
      }
      if (b == 0) {
        return OsString.decode(field.toByteArray());
      }
      if (b == '\n'
          && field.size() == END.length()
          && field.toString(StandardCharsets.US_ASCII).equals(END)) {
        return null;
      }
      field.write(b);
    }
    throw new HoldfastException.Unsupported(
        place + " answers with a text of more than " + MAX_FIELD_BYTES + " bytes", "");
  }

  /// Why there is no answer: what psql said before it ended.
  private HoldfastException failed(@Nullable IOException cause) {
    int exit = process.exitCode();
    String said = process.lastErrors();
    return new HoldfastException.InputOutput(
        "cannot ask %s: %s".formatted(place, said.isEmpty() ? "psql ended with " + exit : said),
        Hints.forFailure(said),
        cause);
  }

  @Override
  public void close() {
    process.close();
    interruptible.close();
  }
}
