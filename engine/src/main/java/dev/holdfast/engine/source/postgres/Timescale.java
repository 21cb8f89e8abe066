package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Optional;

/// What TimescaleDB wants when its databases are restored (its documentation, "Logical backup"):
/// the extension in the version of the dump, made before anything else and told of the restore
/// before and after, and one process of `pg_restore` only.
final class Timescale {
  static final String EXTENSION = "timescaledb";
  private static final String PROPERTY = "extension " + EXTENSION;

  private final PostgresRecovery server;
  private final String database;
  private final Optional<SourceFacts> facts;

  private Timescale(PostgresRecovery server, String database, Optional<SourceFacts> facts) {
    this.server = server;
    this.database = database;
    this.facts = facts;
  }

  static Timescale of(PostgresRecovery server, String database, Optional<SourceFacts> facts) {
    return new Timescale(server, database, facts);
  }

  /// The version in a dump; empty if it is not used there.
  static Optional<String> version(Optional<SourceFacts> facts) {
    return facts.flatMap(known -> Optional.ofNullable(known.properties().get(PROPERTY)));
  }

  boolean isThere() {
    return version(facts).isPresent();
  }

  void before() {
    if (isThere()) {
      try (PsqlSession session = server.openTo(database)) {
        session.execute(
            "CREATE EXTENSION timescaledb WITH SCHEMA public VERSION "
                + Sql.literal(version(facts).orElseThrow()));
      }
      call("timescaledb_pre_restore");
    }
  }

  void after() {
    if (isThere()) {
      call("timescaledb_post_restore");
    }
  }

  private void call(String function) {
    try (PsqlSession session = server.openTo(database)) {
      List<List<String>> _ = session.query("SELECT public." + function + "()", 1);
    }
  }

  /// Makes sure that its own views show the aggregates and the jobs of policies that are in its
  /// catalog, whose rows were compared with the dump's.
  void check() {
    try (PsqlSession session = server.openTo(database)) {
      compare(
          session,
          "continuous aggregates",
          "timescaledb_information.continuous_aggregates",
          "_timescaledb_catalog.continuous_agg");
      compare(session, "policies", "timescaledb_information.jobs", "_timescaledb_config.bgw_job");
    }
  }

  private static void compare(PsqlSession session, String what, String view, String catalog) {
    List<String> row =
        session.row(
            "SELECT (SELECT count(*) FROM %s), (SELECT count(*) FROM %s)".formatted(view, catalog),
            2);
    if (!row.get(0).equals(row.get(1))) {
      throw new HoldfastException.Corrupt(
          "TimescaleDB shows %s of %s %s".formatted(row.get(0), row.get(1), what),
          "the server's log may say why",
          null);
    }
  }

  /// The version in a database that is there.
  static Optional<String> versionIn(PostgresRecovery server, String database) {
    try (PsqlSession session = server.openTo(database)) {
      return session
          .column("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'")
          .stream()
          .findFirst();
    }
  }

  /// Brings it to a version.
  void update(String version) {
    if (!version(facts).equals(Optional.of(version))) {
      // It must be the first statement of its session.
      String statement = "--command=ALTER EXTENSION timescaledb UPDATE TO " + Sql.literal(version);
      try (ClientProcess psql = PsqlScript.start(server, server.programs(0), database, statement)) {
        if (psql.exitCode() != 0) {
          throw new HoldfastException.Rejected(
              "TimescaleDB cannot be brought from version %s to %s: %s"
                  .formatted(version(facts).orElseThrow(), version, psql.lastErrors()),
              "recover a snapshot of version " + version);
        }
      }
    }
  }
}
