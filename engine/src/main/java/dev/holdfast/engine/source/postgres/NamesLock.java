package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// What changes the names of one recovery's databases, or replaces the content of one, does so in
/// transactions that begin with an advisory lock of that recovery alone. When a connection is lost,
/// the statement that was sent last may still be under way to the server, a `COMMIT` among them:
/// whoever wants to know what became of it ends the session that holds the lock, and asks then. A
/// statement that arrives later finds nobody.
final class NamesLock {
  private final PostgresRecovery server;
  private final long number;

  NamesLock(PostgresRecovery server, DatabaseNames.Names names) {
    this.server = server;
    this.number = number(names);
  }

  /// The two other names are known to this recovery alone.
  private static long number(DatabaseNames.Names names) {
    try {
      byte[] text = (names.staged() + '\0' + names.safety()).getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /// Runs statements in one transaction, as the only one that does so.
  void run(List<String> statements) {
    boolean _ =
        server.ask(asked -> {
          asked.execute("BEGIN");
          List<String> _ = asked.row(take(), 1);
          statements.forEach(asked::execute);
          asked.execute("COMMIT");
          return true;
        });
  }

  /// The statement that takes it until the end of a transaction.
  String take() {
    return "SELECT pg_catalog.pg_advisory_xact_lock(%d)".formatted(number);
  }

  /// Ends whoever holds the lock, and returns when what it did is done or undone for good.
  ///
  /// @throws HoldfastException.Locked if it does not end
  void endHolder() {
    String holder = "SELECT pid, pg_terminate_backend(pid) " + holders();
    Leaving.await(
        () -> server.ask(asked -> asked.queryAsConnected(holder, 2)),
        session ->
            new HoldfastException.Locked(
                "the server's process %s, in the middle of putting data in place, does not end"
                    .formatted(session.getFirst()),
                "see what it does in pg_stat_activity"),
        "a lost session was ended");
  }

  /// The statement by which a session in the live database says that it is this recovery's.
  String sign() {
    return "SET application_name = " + Sql.literal(signature());
  }

  private String signature() {
    return "holdfast " + Long.toHexString(number);
  }

  /// The rest of a query: where to find the processes of the server that hold it, or are signed.
  private String holders() {
    // A lock with one number shows it in two halves, and a 1.
    return "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (application_name = "
        + Sql.literal(signature())
        + " OR pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
        + " AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = ("
        + number
        + ")::bigint))";
  }
}
