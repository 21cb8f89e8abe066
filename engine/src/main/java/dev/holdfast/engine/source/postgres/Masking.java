package dev.holdfast.engine.source.postgres;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Statements that make a staged database fit for other eyes. They run in one transaction, and the
/// same transaction leaves a mark at the database: whether they have run is asked of the database
/// itself.
public final class Masking {
  /// The setting of the database that is the mark.
  static final String MARK = "holdfast.masked";

  private final PostgresRecovery server;
  private final String database;
  private final String statements;

  public Masking(PostgresRecovery server, String database, String statements) {
    this.server = server;
    this.database = database;
    this.statements = statements;
  }

  /// Whether they have run.
  public boolean isDone() {
    return server.ask(asked ->
        !asked
            .query(
                "SELECT 1 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase"
                    + " WHERE s.setrole = 0 AND d.datname = "
                    + Sql.literal(database)
                    + " AND "
                    + Sql.literal(MARK + "=" + fingerprint())
                    + " = ANY (s.setconfig)",
                1)
            .isEmpty());
  }

  private String fingerprint() {
    try {
      byte[] text = statements.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /// Runs them.
  ///
  /// @throws HoldfastException.Rejected if one fails: none of them has any effect then
  public void run() {
    String mark =
        "\n;\nALTER DATABASE %s SET %s TO %s;\nCOMMIT;\n"
            .formatted(Sql.name(database), MARK, Sql.literal(fingerprint()));
    try (ClientProcess psql =
        PsqlScript.start(server, server.programs(0), database, PsqlScript.FROM_INPUT)) {
      try {
        psql.input().write(OsString.encode(PsqlScript.PREAMBLE + "BEGIN;\n" + statements + mark));
        psql.input().close();
      } catch (IOException e) {
        // It has ended, and says why.
      }
      int exit = psql.exitCode();
      if (exit != 0 || !isDone()) {
        throw new HoldfastException.Rejected(
            "the statements that mask the new state failed: " + psql.lastErrors(),
            "try them on a copy; they run in one transaction as the user '" + server.user() + "'");
      }
    }
  }
}
