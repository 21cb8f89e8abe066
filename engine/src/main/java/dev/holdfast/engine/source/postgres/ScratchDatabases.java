package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Databases that are made of dumps and dropped again, on a server that others use as well, or on
/// one of their own. One thread at a time.
///
/// On a shared server their names say which drill they are of, and a session holds an advisory lock
/// for it: so the next drill finds what one that was killed, on whichever machine, has left there.
public final class ScratchDatabases implements AutoCloseable {
  private static final String PREFIX = "holdfast_drill_";
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\w+)_\\d+");

  /// The first half of the locks' number; the second is of the drill.
  private static final int LOCKS = 0x48464452;

  /// Keywords of libpq, and the variables that mean the same; no secret among them.
  private static final Map<String, String> VARIABLES =
      Map.ofEntries(
          Map.entry("host", "PGHOST"),
          Map.entry("hostaddr", "PGHOSTADDR"),
          Map.entry("port", "PGPORT"),
          Map.entry("user", "PGUSER"),
          Map.entry("service", "PGSERVICE"),
          Map.entry("passfile", "PGPASSFILE"),
          Map.entry("options", "PGOPTIONS"),
          Map.entry("target_session_attrs", "PGTARGETSESSIONATTRS"),
          Map.entry("require_auth", "PGREQUIREAUTH"),
          Map.entry("channel_binding", "PGCHANNELBINDING"),
          Map.entry("gssencmode", "PGGSSENCMODE"),
          Map.entry("krbsrvname", "PGKRBSRVNAME"),
          Map.entry("requirepeer", "PGREQUIREPEER"),
          Map.entry("sslmode", "PGSSLMODE"),
          Map.entry("sslnegotiation", "PGSSLNEGOTIATION"),
          Map.entry("sslrootcert", "PGSSLROOTCERT"),
          Map.entry("sslcert", "PGSSLCERT"),
          Map.entry("sslkey", "PGSSLKEY"),
          Map.entry("sslcertmode", "PGSSLCERTMODE"),
          Map.entry("sslcrl", "PGSSLCRL"),
          Map.entry("sslcrldir", "PGSSLCRLDIR"),
          Map.entry("sslsni", "PGSSLSNI"),
          Map.entry("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"),
          Map.entry("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"));

  /// A database whose size nobody has noted is taken to be so much larger than its dump.
  private static final int DUMP_GROWS = 2;

  private final PostgresRecovery server;
  private final Place place;
  private final Consumer<String> notices;
  private final List<String> made = new ArrayList<>();

  /// Where the databases are.
  private sealed interface Place extends AutoCloseable {
    Map<String, String> variables();

    @Override
    void close();

    /// A server of their own, where they can have the names that they have elsewhere.
    record Own(ScratchCluster cluster) implements Place {
      @Override
      public Map<String, String> variables() {
        return cluster.variables();
      }

      @Override
      public void close() {
        cluster.close();
      }
    }

    /// One with other databases.
    ///
    /// @param id what names the drill in theirs
    /// @param lock says that the drill lives
    record Shared(String id, PsqlSession lock, Map<String, String> variables) implements Place {
      @Override
      public void close() {
        lock.close();
      }
    }
  }

  private ScratchDatabases(PostgresRecovery server, Place place, Consumer<String> notices) {
    this.server = server;
    this.place = place;
    this.notices = notices;
  }

  /// On a server of their own.
  ///
  /// @param folder where it is made; does not exist yet
  /// @param facts what is known of the dumps
  /// @param environment of this process
  /// @throws HoldfastException.NotFound if no such server is installed
  public static ScratchDatabases onOwn(
      Path folder, List<SourceFacts> facts, Map<String, String> environment) {
    int major =
        facts.stream()
            .mapToInt(each ->
                Math.max(
                    PostgresVersion.major(each.engineVersion()),
                    PostgresVersion.majorOfDump(Optional.of(each))))
            .max()
            .orElse(0);
    boolean timescale =
        facts.stream().anyMatch(each -> Timescale.version(Optional.of(each)).isPresent());
    List<String> preload = timescale ? List.of(Timescale.EXTENSION) : List.of();
    ScratchCluster cluster = ScratchCluster.start(folder, major, preload, environment);
    try {
      return new ScratchDatabases(cluster.connect(), new Place.Own(cluster), _ -> {});
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /// Whether a database of this name on a shared server is one of a drill, which comes and goes.
  static boolean isNameOfOne(String name) {
    return NAME.matcher(name).matches();
  }

  /// About what a database takes up that is made of a dump.
  ///
  /// @param dumpBytes of the dump, which has no indexes
  /// @param facts what is known of it, such as how large the database was
  public static long bytesOf(long dumpBytes, Optional<SourceFacts> facts) {
    return facts
        .map(known -> known.properties().get(PinnedDatabase.SIZE))
        .filter(text -> text.matches("\\d{1,18}"))
        .map(Long::valueOf)
        .orElse(DUMP_GROWS * dumpBytes + ScratchCluster.EMPTY_DATABASE_BYTES);
  }

  /// About what a server of their own takes up, with a database for each size.
  public static long bytesOnOwn(List<Long> sizes) {
    return ScratchCluster.EMPTY_BYTES + sizes.stream().mapToLong(Long::longValue).sum();
  }

  /// On a server with other databases. Those that a drill that is gone has left are dropped.
  ///
  /// @param id of the drill
  /// @param notices told of each that is dropped, of each that cannot be, and when the server is
  ///   waited for
  public static ScratchDatabases onShared(
      PostgresSettings settings,
      Map<String, String> environment,
      String id,
      Consumer<String> notices) {
    PostgresRecovery server = PostgresRecovery.connect(settings, environment, notices, Set.of());
    try {
      return onShared(server, id.toLowerCase(Locale.ROOT).replace('-', '_'), notices);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static ScratchDatabases onShared(
      PostgresRecovery server, String id, Consumer<String> notices) {
    if (!server.mayCreateDatabases()) {
      throw new HoldfastException.Rejected(
          "'%s' lacks the right CREATEDB on %s".formatted(server.user(), server.name()),
          "ALTER ROLE %s CREATEDB".formatted(Sql.name(server.user())));
    }
    PsqlSession lock = server.openBeside();
    try {
      List<List<String>> _ =
          lock.query(
              "SELECT pg_catalog.pg_advisory_lock(%d, %d)".formatted(LOCKS, id.hashCode()), 1);
      dropAbandoned(server, notices);
      return new ScratchDatabases(
          server, new Place.Shared(id, lock, variables(server.settings())), notices);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Map<String, String> variables(PostgresSettings settings) {
    Map<String, String> variables = new HashMap<>();
    VARIABLES.forEach((keyword, variable) ->
        Optional.ofNullable(settings.keywords().get(keyword))
            .ifPresent(value -> variables.put(variable, value)));
    return Map.copyOf(variables);
  }

  private static void dropAbandoned(PostgresRecovery server, Consumer<String> notices) {
    Set<Integer> alive = new HashSet<>();
    for (List<String> row :
        server.ask(asked ->
            asked.query(
                "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = "
                    + LOCKS,
                1))) {
      alive.add((int) Long.parseLong(row.getFirst()));
    }
    for (List<String> row :
        server.ask(asked ->
            asked.query(
                "SELECT datname FROM pg_database WHERE pg_has_role(datdba, 'MEMBER')"
                    + " AND starts_with(datname, "
                    + Sql.literal(PREFIX)
                    + ") ORDER BY 1",
                1))) {
      Matcher name = NAME.matcher(row.getFirst());
      if (name.matches() && !alive.contains(name.group(1).hashCode())) {
        notices.accept("dropping what a drill that was killed has left: " + row.getFirst());
        drop(server, row.getFirst(), notices);
      }
    }
  }

  /// Makes a database of a dump.
  ///
  /// @param live what it is called elsewhere
  /// @return its name here
  public String load(String live, SeekableDump dump, Optional<SourceFacts> facts) {
    new RecoveryGate(server, facts).requireVersions();
    String name = name(live);
    if (place instanceof Place.Own own) {
      own.cluster().prepareFor(server, dump);
    } else {
      new RecoveryGate(server, facts).requireTablespaces(dump.head(), false);
    }
    made.add(name);
    new StagedDatabase(server, name).load(dump, 0, facts);
    return name;
  }

  private String name(String live) {
    return switch (place) {
      case Place.Own _ ->
          live.isEmpty() || server.find(live).isPresent() ? PREFIX + (made.size() + 1) : live;
      case Place.Shared shared -> PREFIX + shared.id() + "_" + (made.size() + 1);
    };
  }

  /// Makes sure that one holds what its dump does.
  ///
  /// @return what was proven, a phrase
  /// @throws HoldfastException.Corrupt if it does not
  public String check(
      String name, DumpHead head, List<TableRows> rows, Optional<SourceFacts> facts) {
    StagedDatabase database = new StagedDatabase(server, name);
    database.check(head, rows);
    database.adaptExtensions(facts, Optional.empty());
    return "loaded into PostgreSQL %s and counted as recorded: %s in %s; every constraint holds"
        .formatted(
            server.version(),
            Quantity.of(rows.stream().mapToLong(TableRows::rows).sum(), "row"),
            Quantity.of(rows.size(), "table"));
  }

  /// An environment with what libpq needs to reach them, but for a database and a password.
  ///
  /// @param environment whose variables of libpq lead elsewhere if the server is their own
  public Map<String, String> in(Map<String, String> environment) {
    Map<String, String> all =
        switch (place) {
          case Place.Own _ -> ScratchCluster.withoutSettings(environment);
          case Place.Shared _ -> new HashMap<>(environment);
        };
    all.putAll(place.variables());
    return all;
  }

  /// The first value that a query has for an answer.
  public String ask(String name, String query) {
    return server.askIn(name, query);
  }

  /// Drops them, but on a server that will be gone itself. Tells of what cannot be dropped.
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    switch (place) {
      case Place.Own _ -> {} // they are gone with their server
      case Place.Shared _ -> made.forEach(name -> drop(server, name, notices));
    }
    server.close();
    place.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void drop(PostgresRecovery server, String name, Consumer<String> notices) {
    try {
      new StagedDatabase(server, name).drop();
    } catch (HoldfastException e) {
      notices.accept(
          "the database %s of %s could not be dropped, which the next drill tries again: %s"
              .formatted(name, server.name(), e.getMessage()));
    }
  }
}
