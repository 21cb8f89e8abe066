package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.List;

/// Who is connected to a database, and how that is ended. The server's own helpers, which belong to
/// no user, are left out: they give way by themselves.
final class Connections {
  /// How long whoever is connected is given to go when told to.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration PAUSE = Duration.ofMillis(10);

  private final PostgresRecovery server;
  private final String database;
  private final String these;
  private boolean hasFailed;

  Connections(PostgresRecovery server, String database) {
    this.server = server;
    this.database = database;
    this.these =
        "FROM pg_stat_activity WHERE usesysid IS NOT NULL AND datname = " + Sql.literal(database);
  }

  void cutOff() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (areThere()) {
      if (System.nanoTime() - deadline > 0) {
        throw new HoldfastException.Locked(
            "the database '%s' is still used by %s".formatted(database, somebody()),
            "end it by hand");
      }
      end();
      pause();
    }
  }

  private boolean areThere() {
    return server.ask(asked -> !asked.query("SELECT 1 " + these + " LIMIT 1", 1).isEmpty());
  }

  private String somebody() {
    List<PostgresRecovery.Client> clients = server.clients(database);
    return clients.isEmpty() ? "the server" : clients.getFirst().program();
  }

  /// What fails once may have lost its own connection, or act as a role that may not end those of
  /// whoever connected.
  private void end() {
    String statement = "SELECT pg_terminate_backend(pid) " + these;
    try {
      List<List<String>> _ =
          server.ask(asked ->
              hasFailed ? asked.queryAsConnected(statement, 1) : asked.query(statement, 1));
      hasFailed = false;
    } catch (HoldfastException.InputOutput e) {
      if (!hasFailed) {
        hasFailed = true;
        return;
      }
      throw new HoldfastException.Rejected(
          "'%s' may not end the connections of others: %s".formatted(server.user(), e.getMessage()),
          "GRANT pg_signal_backend TO " + Sql.name(server.user()) + ", or end them by hand");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      throw new HoldfastException.Cancelled("interrupted while connections were ended");
    }
  }
}
