package dev.holdfast.engine.source.postgres;

import java.util.List;

/// A `psql` that runs statements which are not ours, ends at the first that fails, and shows none
/// of their answers.
final class PsqlScript {
  /// The statements come through its standard input.
  static final String FROM_INPUT = "--file=-";

  /// What comes before them: they are in UTF-8, and whatever a database or a role is set to for its
  /// application, none of them is ended for its length, nor refused for what it writes. Servers
  /// before 17 do not know all of these. As long as these run, nobody's operator is called instead
  /// of the server's own; what comes then finds its names where the application does.
  static final String PREAMBLE =
      "SET search_path = '';\n"
          + TextEncoding.SET_CLIENT
          + ";\n"
          + "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN"
          + " ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout');\n"
          + "SET default_transaction_read_only = off;\n"
          + "RESET search_path;\n";

  private PsqlScript() {}

  /// Starts it.
  ///
  /// @param statements an option that says where they are
  static ClientProcess start(
      PostgresRecovery server,
      ClientPrograms.Programs programs,
      String database,
      String statements) {
    return ClientProcess.start(
        "psql",
        List.of(
            programs.psql(),
            "--no-psqlrc",
            "--no-password",
            "--quiet",
            "--output=/dev/null",
            "--set=ON_ERROR_STOP=1",
            statements,
            "--dbname=" + server.settings().withDatabase(database).connectionString()),
        server.settings(),
        server.environment());
  }
}
