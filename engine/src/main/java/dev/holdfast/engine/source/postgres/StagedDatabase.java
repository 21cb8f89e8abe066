package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A database of its own that a dump is loaded into, beside the one whose place it will take.
public final class StagedDatabase {
  /// More do not make it faster: the largest table and its indexes decide.
  private static final int JOBS_MAX = 4;

  private final PostgresRecovery server;
  private final String name;

  public StagedDatabase(PostgresRecovery server, String name) {
    this.server = server;
    this.name = name;
  }

  /// Removes it, whoever is connected to it, if it is there.
  public void drop() {
    Optional<PostgresRecovery.Entry> there = server.find(name);
    if (there.isPresent()) {
      dropSubscriptions(there.get());
      // A template could not be dropped.
      server.run(
          List.of(
              "ALTER DATABASE %s IS_TEMPLATE false".formatted(Sql.name(name)),
              "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(Sql.name(name))));
    }
  }

  /// A database is not dropped as long as it has subscriptions. Their slots, at the other end,
  /// stay: the database that this one is a copy of, or that took its place, goes on with them.
  private void dropSubscriptions(PostgresRecovery.Entry there) {
    List<String> statements = new ArrayList<>();
    for (String subscription :
        server.ask(asked ->
            asked.column("SELECT subname FROM pg_subscription WHERE subdbid = " + there.oid()))) {
      String alter = "ALTER SUBSCRIPTION " + Sql.name(subscription);
      statements.add(alter + " DISABLE");
      statements.add(alter + " SET (slot_name = NONE)");
      statements.add("DROP SUBSCRIPTION " + Sql.name(subscription));
    }
    if (statements.isEmpty()) {
      return;
    }
    if (!there.allowsConnections()) {
      server.run(List.of("ALTER DATABASE %s ALLOW_CONNECTIONS true".formatted(Sql.name(name))));
    }
    try (PsqlSession session = server.openTo(name)) {
      statements.forEach(session::execute);
    }
  }

  /// Makes it and loads a dump.
  ///
  /// @param liveOid of the database that it becomes like; zero: like what the dump says
  /// @param facts what the manifest says, if there is one
  /// @return its number
  public long load(SeekableDump dump, long liveOid, Optional<SourceFacts> facts) {
    RecoveryGate gate = new RecoveryGate(server, facts);
    gate.requireRoles(dump.owners());
    gate.requireGrantees(dump.head().grantees());
    gate.requireRightsToExtensions();
    DatabaseLikeness likeness =
        liveOid == 0
            ? DatabaseEntries.of(dump.entries(), name)
            : server.ask(asked -> DatabaseLikeness.of(asked, server.majorVersion(), liveOid, name));
    server.run(List.of(likeness.create()));
    Timescale timescale = Timescale.of(server, name, facts);
    timescale.before();
    restore(dump, timescale.isThere() ? 1 : jobs(), facts, timescale::after);
    server.run(likeness.settings());
    try (PsqlSession session = server.openTo(name)) {
      session.execute("ANALYZE");
    }
    return server
        .find(name)
        .map(PostgresRecovery.Entry::oid)
        .orElseThrow(() ->
            new HoldfastException.InputOutput(
                "the database '" + name + "' is gone again", "somebody removed it", null));
  }

  private static int jobs() {
    return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, JOBS_MAX);
  }

  /// Loads all of it, event triggers at the end, as they would fire on what is loaded.
  private void restore(
      SeekableDump dump, int jobs, Optional<SourceFacts> facts, Runnable whenDataAreThere) {
    ClientPrograms.Programs programs = server.programs(PostgresVersion.majorOfDump(facts));
    RestoreList all = RestoreList.of(programs, server, dump);
    if (all.eventTriggers().isEmpty()) {
      restore(programs, dump, List.of("--jobs=" + jobs));
      whenDataAreThere.run();
      return;
    }
    try (UnnamedText first = all.withoutEventTriggers().text();
        UnnamedText then = all.eventTriggers().text()) {
      restore(programs, dump, List.of("--jobs=" + jobs, "--use-list=" + first.path()));
      whenDataAreThere.run();
      restore(programs, dump, List.of("--use-list=" + then.path()));
    }
  }

  private void restore(ClientPrograms.Programs programs, SeekableDump dump, List<String> options) {
    // The change of names that comes later makes all of it durable.
    String settings = "-c synchronous_commit=off -c default_transaction_read_only=off";
    PostgresSettings place = server.settings().withDatabase(name).withOptions(settings);
    List<String> command =
        new ArrayList<>(List.of(programs.restore(), "--no-password", "--exit-on-error"));
    command.addAll(options);
    command.add("--dbname=" + place.connectionString());
    command.add(dump.path());
    Map<String, String> own = new HashMap<>(server.environment());
    own.merge("PGOPTIONS", settings, (a, b) -> a + " " + b);
    try (ClientProcess restore = ClientProcess.start("pg_restore", command, place, own);
        ProcessWatch _ = restore.watch(server.silence(), "pg_restore into '" + name + "'")) {
      int exit = restore.exitCode();
      if (exit != 0) {
        String said = restore.lastErrors();
        throw new HoldfastException.InputOutput(
            "pg_restore failed with exit code %d for '%s': %s".formatted(exit, name, said),
            Hints.forLoad(said),
            null);
      }
    }
  }

  /// Makes sure that it holds what the dump does: rows, constraints, indexes.
  ///
  /// @param head of the dump
  /// @param rows that each table has in the dump
  /// @throws HoldfastException.Corrupt if anything is missing
  public void check(DumpHead head, List<TableRows> rows) {
    try (PsqlSession session = server.openTo(name)) {
      LoadCheck check = new LoadCheck(session);
      check.rows(rows);
      check.constraints(head.entries());
      check.indexes();
    }
  }

  /// Brings TimescaleDB, which had to be of the version that the dump is of, to the version that it
  /// has in another database; checks its policies and aggregates before.
  ///
  /// @param live the other one, whose application expects that version
  public void adaptExtensions(Optional<SourceFacts> facts, Optional<String> live) {
    Timescale timescale = Timescale.of(server, name, facts);
    if (timescale.isThere()) {
      timescale.check();
      live.flatMap(database -> Timescale.versionIn(server, database)).ifPresent(timescale::update);
    }
  }

  /// Rows of every table now, in the order of their names.
  ///
  /// @return empty if that takes too long for a person who waits, or cannot be asked
  public static Optional<List<TableRows>> look(PostgresRecovery server, String database) {
    try (PsqlSession session = server.openTo(database)) {
      session.execute("SET statement_timeout = '5s'");
      List<TableRows> rows = new ArrayList<>();
      new LoadCheck(session)
          .count()
          .forEach((table, count) -> rows.add(new TableRows(table, count, true)));
      return Optional.of(rows);
    } catch (HoldfastException.InputOutput e) {
      return Optional.empty();
    }
  }
}
