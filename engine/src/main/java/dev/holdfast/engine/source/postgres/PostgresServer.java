package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/// A PostgreSQL server that is backed up by the client programs of its own version: whole databases
/// with `pg_dump`, each as of one instant, and what all of them share with `pg_dumpall`.
///
/// All settings of libpq hold: [PostgresSettings]. Databases may be pinned, and read, at the same
/// time; everything else is for one thread at a time.
public final class PostgresServer implements AutoCloseable {
  /// Older servers are not tested against, nor supported by the PostgreSQL project.
  static final int OLDEST_MAJOR = 13;

  private static final int VERSION_NUMBER_OF_MAJOR = 10_000;

  private static final String OWN_DATABASES =
      "SELECT datname FROM pg_database WHERE datname NOT IN ('template0', 'template1')";

  private static final String TAKEN =
      "NOT datistemplate AND datallowconn AND datconnlimit <> -2 AND has_database_privilege(datname, 'CONNECT')";

  private final PostgresSettings settings;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Silence silence;
  private final ClientPrograms.Programs programs;
  private final PsqlSession session;
  private final String version;
  private final int majorVersion;

  private PostgresServer(
      PostgresSettings settings,
      Map<String, String> environment,
      Clock clock,
      Silence silence,
      ClientPrograms.Programs programs,
      PsqlSession session,
      String version,
      int majorVersion) {
    this.settings = settings;
    this.environment = environment;
    this.clock = clock;
    this.silence = silence;
    this.programs = programs;
    this.session = session;
    this.version = version;
    this.majorVersion = majorVersion;
  }

  /// Connects to a server.
  ///
  /// @param environment of the client programs: the `PG...` variables, `HOME` and `PATH`
  /// @param silence told when it says nothing for long
  /// @throws HoldfastException.NotFound if no client programs are installed
  /// @throws HoldfastException.Unsupported if they are older than the server, or the server is too
  ///   old
  /// @throws HoldfastException.InputOutput if it cannot be connected to
  public static PostgresServer connect(
      PostgresSettings settings, Map<String, String> environment, Clock clock, Silence silence) {
    ClientPrograms installed = ClientPrograms.find(settings.programs(), environment);
    PsqlSession session =
        PsqlSession.open(
            installed.newest(),
            settings,
            environment,
            "the PostgreSQL server '" + settings.serverName(environment) + "'",
            silence);
    try {
      List<String> row =
          session.row(
              "SELECT current_setting('server_version'), current_setting('server_version_num')", 2);
      String version = row.get(0).split(" ", 2)[0];
      int major = Integer.parseInt(row.get(1)) / VERSION_NUMBER_OF_MAJOR;
      if (major < OLDEST_MAJOR) {
        throw new HoldfastException.Unsupported(
            "the server runs PostgreSQL %s; versions from %d are supported"
                .formatted(version, OLDEST_MAJOR),
            "upgrade it, or store the output of its own pg_dump with --stdin-from-command");
      }
      PoolerCheck.check(installed.newest(), settings, environment, session, silence);
      return new PostgresServer(
          settings,
          environment,
          clock,
          silence,
          installed.forServer(major, version),
          session,
          version,
          major);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /// The server's version, such as `15.18`.
  public String version() {
    return version;
  }

  /// What no other server has.
  public String identity() {
    return session.row("SELECT " + PostgresRecovery.IDENTITY, 1).getFirst();
  }

  /// A name for the server: [PostgresSettings#serverName].
  public String name() {
    return settings.serverName(environment);
  }

  /// The database that the address means.
  public String database() {
    return session.row("SELECT current_database()", 1).getFirst();
  }

  /// All databases that can be backed up, in the order of their names: no templates, none that
  /// nobody, or not this user, may connect to, and none of a drill.
  public List<String> databases() {
    return session.column(OWN_DATABASES + " AND " + TAKEN + " ORDER BY datname").stream()
        .filter(name -> !ScratchDatabases.isNameOfOne(name))
        .toList();
  }

  /// The databases that are templates of the user's own, or that nobody, or not this user, may
  /// connect to, but for what recoveries put aside.
  public List<String> leftOut() {
    return session.column(OWN_DATABASES + " AND NOT (" + TAKEN + ") ORDER BY datname").stream()
        .filter(name -> !DatabaseNames.isSafetyCopy(name))
        .toList();
  }

  /// Whether there is a database of this name.
  public boolean exists(String database) {
    return !session
        .column("SELECT 1 FROM pg_database WHERE datname = " + Sql.literal(database))
        .isEmpty();
  }

  /// Fixes the present state of a database. It is kept, and read, until the result is closed.
  ///
  /// @throws HoldfastException.InputOutput if the database cannot be connected to
  public PinnedDatabase pin(String database) {
    return PinnedDatabase.pin(
        programs, settings.withDatabase(database), environment, clock, silence, majorVersion);
  }

  /// Roles, tablespaces and what else belongs to no database. Passwords are among them if the user
  /// may read them.
  public GlobalsSource globals() {
    boolean passwords =
        session
            .row("SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT')", 1)
            .getFirst()
            .equals("t");
    return new GlobalsSource(
        programs, settings, environment, clock, silence, version, database(), passwords);
  }

  @Override
  public void close() {
    session.close();
  }
}
