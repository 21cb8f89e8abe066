package dev.holdfast.engine.source.postgres;

import java.util.List;

/// A `psql` that runs statements which are not ours, ends at the first that fails, and shows none
/// of their answers.
final class PsqlScript {
  /// The statements come through its standard input.
  static final String FROM_INPUT = "--file=-";

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
