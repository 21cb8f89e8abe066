package dev.holdfast.engine.source.postgres;

import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server of which a database is recovered: asked through a session with another
/// database than that one, which is opened again when it was lost; a server that is being started
/// again is waited for. One thread at a time.
public final class PostgresRecovery implements AutoCloseable {
  /// Databases that are there to be connected to. The first that lets this user in, and is not
  /// recovered itself, is taken: as long as somebody is in the second, nobody else makes databases.
  private static final List<String> PLACES = List.of("postgres", "template1");

  private static final int VERSION_NUMBER_OF_MAJOR = 10_000;

  /// An expression: copies of a cluster on one machine have ports of their own.
  static final String IDENTITY =
      "(SELECT system_identifier FROM pg_control_system()) || '-' || current_setting('port')";

  private final PostgresSettings settings;
  private final Map<String, String> environment;
  private final ClientPrograms installed;
  private final Absence absence;
  private final Silence silence;
  private final List<String> places;
  private @Nullable PsqlSession session;
  private String place = "";
  private int majorVersion;
  private String version = "";
  private String user = "";
  private boolean superuser;
  private boolean mayCreate;
  private String identity = "";

  private PostgresRecovery(
      PostgresSettings settings,
      Map<String, String> environment,
      Silence silence,
      Set<String> recovered) {
    this.settings = settings;
    this.places = PLACES.stream().filter(place -> !recovered.contains(place)).toList();
    this.environment = Map.copyOf(environment);
    this.installed = ClientPrograms.find(settings.programs(), environment);
    this.silence = silence;
    this.absence = new Absence(installed.newest(), settings, environment, silence.notices());
  }

  /// A database of the server.
  ///
  /// @param oid its number, which it keeps under another name
  /// @param isOwned whether the user may do with it what its owner may
  public record Entry(
      long oid, String name, String owner, boolean allowsConnections, boolean isOwned) {}

  /// Whoever is connected to a database.
  ///
  /// @param pid of the server's process; zero of a prepared transaction
  /// @param program what it calls itself, and whose it is
  public record Client(long pid, String program) {}

  /// Connects to the server that a database is on.
  ///
  /// @throws HoldfastException.Rejected if it is a standby, or a pooler
  /// @throws HoldfastException.Unsupported if its version is not supported
  public static PostgresRecovery connect(
      PostgresSettings settings, Map<String, String> environment) {
    return connect(settings, environment, _ -> {}, Set.of());
  }

  /// The same.
  ///
  /// @param notices told when the server is waited for, because it was there and is not, or says
  ///   nothing
  /// @param recovered databases that get other names or another content, which nobody may be
  ///   connected to then
  public static PostgresRecovery connect(
      PostgresSettings settings,
      Map<String, String> environment,
      Consumer<String> notices,
      Set<String> recovered) {
    return connect(settings, environment, Silence.toldTo(notices), recovered);
  }

  static PostgresRecovery connect(
      PostgresSettings settings,
      Map<String, String> environment,
      Silence silence,
      Set<String> recovered) {
    PostgresRecovery server = new PostgresRecovery(settings, environment, silence, recovered);
    try {
      server.introduce();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// Told when the server, or a program that works for it, does nothing for long.
  Silence silence() {
    return silence;
  }

  private void introduce() {
    List<String> row =
        ask(asked ->
            asked.row(
                "SELECT current_setting('server_version_num'), current_setting('server_version'),"
                    + " pg_is_in_recovery(), current_user, rolsuper, rolcreatedb,"
                    + IDENTITY
                    + " FROM pg_roles WHERE rolname = current_user",
                7));
    majorVersion = Integer.parseInt(row.get(0)) / VERSION_NUMBER_OF_MAJOR;
    version = row.get(1).split(" ", 2)[0];
    if (majorVersion < PostgresServer.OLDEST_MAJOR) {
      throw new HoldfastException.Unsupported(
          "the server runs PostgreSQL %s; versions from %d are supported"
              .formatted(version, PostgresServer.OLDEST_MAJOR),
          "restore into a newer server");
    }
    if (row.get(2).equals("t")) {
      throw new HoldfastException.Rejected(
          "the server is a standby, in which nothing can be changed",
          "recover on the primary that it follows");
    }
    user = row.get(3);
    superuser = row.get(4).equals("t");
    mayCreate = superuser || row.get(5).equals("t");
    identity = row.get(6);
    PoolerCheck.check(
        installed.newest(), settings.withDatabase(place), environment, open(), silence);
  }

  private PsqlSession open() {
    PsqlSession present = session;
    if (present != null) {
      // It may have been lost while nobody asked it anything.
      if (present.isAlive()) {
        return present;
      }
      present.close();
      session = null;
    }
    while (true) {
      try {
        PsqlSession opened = openAnywhere();
        absence.isOver();
        return opened;
      } catch (HoldfastException.InputOutput e) {
        boolean wasThere = !identity.isEmpty();
        if (!wasThere || !absence.await()) {
          throw absence.ended(e);
        }
      }
    }
  }

  private PsqlSession openAnywhere() {
    HoldfastException first = null;
    for (String database : places) {
      try {
        PsqlSession opened = openTo(database);
        session = opened;
        place = database;
        // What is said to be done is done, whatever the server is set to.
        opened.execute("SET synchronous_commit = on");
        return opened;
      } catch (HoldfastException.InputOutput e) {
        first = first == null ? e : first;
      }
    }
    throw first == null ? new IllegalStateException("no place") : first;
  }

  /// Another session where this one is, the caller's to close.
  PsqlSession openBeside() {
    PsqlSession _ = open();
    return openTo(place);
  }

  /// A session with one of its databases, the caller's to close.
  PsqlSession openTo(String database) {
    return PsqlSession.open(
        installed.newest(),
        settings.withDatabase(database),
        environment,
        "the database '" + database + "' of " + name(),
        silence);
  }

  /// Asks, in the session that is kept. One that failed is not used again.
  <T> T ask(Function<PsqlSession, T> question) {
    PsqlSession asked = open();
    try {
      return question.apply(asked);
    } catch (RuntimeException e) {
      asked.close();
      session = null;
      throw e;
    }
  }

  /// Runs statements one after the other.
  void run(List<String> statements) {
    boolean _ =
        ask(asked -> {
          statements.forEach(asked::execute);
          return true;
        });
  }

  /// The server's name for people.
  public String name() {
    return settings.serverName(environment);
  }

  /// What no other server has.
  public String identity() {
    return identity;
  }

  public String version() {
    return version;
  }

  public int majorVersion() {
    return majorVersion;
  }

  /// Whom this is connected as.
  public String user() {
    return user;
  }

  public boolean isSuperuser() {
    return superuser;
  }

  /// Whether the user may make databases.
  public boolean mayCreateDatabases() {
    return mayCreate;
  }

  PostgresSettings settings() {
    return settings;
  }

  Map<String, String> environment() {
    return environment;
  }

  /// The programs that can read a dump and write to this server: the oldest of those that are new
  /// enough for both.
  ///
  /// @param dumpMajor of the `pg_dump` that wrote it; zero if it is not known
  ClientPrograms.Programs programs(int dumpMajor) {
    return installed.forServer(Math.max(majorVersion, dumpMajor), version);
  }

  /// The database that the address means.
  public String database() {
    return settings
        .keywords()
        .getOrDefault(PostgresSettings.DATABASE, environment.getOrDefault("PGDATABASE", user));
  }

  public Optional<Entry> find(String database) {
    return entry("d.datname = " + Sql.literal(database));
  }

  public Optional<Entry> find(long oid) {
    return oid == 0 ? Optional.empty() : entry("d.oid = " + oid);
  }

  private Optional<Entry> entry(String condition) {
    return ask(asked ->
        asked
            .query(
                "SELECT d.oid, d.datname, pg_get_userbyid(d.datdba), d.datallowconn,"
                    + " pg_has_role(d.datdba, 'MEMBER') FROM pg_database d WHERE "
                    + condition,
                5)
            .stream()
            .map(row ->
                new Entry(
                    Long.parseLong(row.get(0)),
                    row.get(1),
                    row.get(2),
                    row.get(3).equals("t"),
                    row.get(4).equals("t")))
            .findFirst());
  }

  /// Everybody who uses a database, and transactions that were prepared in it.
  public List<Client> clients(String database) {
    return ask(asked ->
        asked
            .query(
                "SELECT pid, concat_ws(', ', nullif(application_name, ''), 'as ' || usename,"
                    + " 'from ' || host(client_addr)) FROM pg_stat_activity WHERE datname = "
                    + Sql.literal(database)
                    + " AND usename IS NOT NULL"
                    + " AND coalesce(backend_type, 'client backend') = 'client backend'"
                    + " UNION ALL SELECT 0, 'the prepared transaction ' || gid"
                    + " FROM pg_prepared_xacts WHERE database = "
                    + Sql.literal(database)
                    + " ORDER BY 1",
                2)
            .stream()
            .map(row -> new Client(Long.parseLong(row.get(0)), row.get(1)))
            .toList());
  }

  /// The logical replication slots of a database, which stay with it when it gets another name.
  public List<String> slots(String database) {
    return ask(asked ->
        asked.column(
            "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'"
                + " AND database = "
                + Sql.literal(database)
                + " ORDER BY 1"));
  }

  /// The first value that a query in a database has for an answer: empty for none, 1 or 0 for true
  /// or false.
  public String askIn(String database, String query) {
    try (PsqlSession asked = openTo(database)) {
      asked.execute("RESET search_path");
      return asked
          .row(
              "SELECT (SELECT CASE WHEN pg_catalog.pg_typeof(value) = 'boolean'::regtype"
                  + " THEN CASE value::text WHEN 'true' THEN '1' ELSE '0' END"
                  + " ELSE value::text END FROM ("
                  + query
                  + "\n) AS answer(value) LIMIT 1)",
              1)
          .getFirst();
    }
  }

  /// The folder that a database of this name lies in, or would lie in.
  ///
  /// @return empty if the server is not this machine, or does not say where it writes
  public Optional<String> folder(String database) {
    if (!superuser) {
      return Optional.empty();
    }
    List<String> row =
        ask(asked ->
            asked.row(
                "SELECT current_setting('data_directory'),"
                    + " extract(epoch FROM (pg_stat_file('.')).modification)::bigint,"
                    + " coalesce((SELECT nullif(pg_tablespace_location(dattablespace), '')"
                    + " FROM pg_database WHERE datname = "
                    + Sql.literal(database)
                    + "), current_setting('data_directory'))",
                3));
    try {
      // Another machine may have a folder of that name as well, but hardly of the same second.
      return Posix.stat(row.get(0)).mtimeSeconds() == Long.parseLong(row.get(1))
          ? Optional.of(row.get(2))
          : Optional.empty();
    } catch (PosixException e) {
      return Optional.empty();
    }
  }

  /// Ends every connection to a database, and waits until they are gone.
  ///
  /// @throws HoldfastException.Rejected if the user may not
  public void cutOff(String database) {
    new Connections(this, database).cutOff();
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
