package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.util.Map;

/// Refuses a connection pooler that gives a session another connection for each transaction:
/// `pg_dump` sets up its session first and would go on in one without these settings.
///
/// Such a pooler shows itself when a second session holds a transaction: it then has the connection
/// of the first, which is given another.
final class PoolerCheck {
  private static final String PROCESS = "SELECT pg_backend_pid()";

  private PoolerCheck() {}

  static void check(
      ClientPrograms.Programs programs,
      PostgresSettings settings,
      Map<String, String> environment,
      PsqlSession first,
      Silence silence) {
    String before = first.row(PROCESS, 1).getFirst();
    try (PsqlSession second =
        PsqlSession.open(programs, settings, environment, "the PostgreSQL server", silence)) {
      second.execute("BEGIN");
      String other = second.row(PROCESS, 1).getFirst();
      String after = first.row(PROCESS, 1).getFirst();
      if (other.equals(before) || !after.equals(before)) {
        throw new HoldfastException.Rejected(
            "the address leads to a connection pooler that shares connections between transactions",
            "connect to the server itself, or to a pool in session mode");
      }
    }
  }
}
