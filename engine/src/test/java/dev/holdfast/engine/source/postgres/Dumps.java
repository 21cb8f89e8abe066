package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/// What the tests do with dumps, and with tables that are compared by their content.
final class Dumps {
  private Dumps() {}

  /// This process's environment without what could lead to another server.
  static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("PG"));
    return environment;
  }

  static PostgresServer connect(String address) {
    return connect(address, environment());
  }

  static PostgresServer connect(String address, Map<String, String> environment) {
    return connect(address, environment, Silence.UNTOLD);
  }

  static PostgresServer connect(String address, Map<String, String> environment, Silence silence) {
    return PostgresServer.connect(
        PostgresSettings.parse(address, environment), environment, Clock.systemUTC(), silence);
  }

  /// Writes all of a stream to a file.
  static SourceFacts write(StreamSource source, Path file) {
    try (source;
        InputStream input = source.open()) {
      Files.copy(input, file, StandardCopyOption.REPLACE_EXISTING);
      source.confirmComplete();
      return source.facts().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Restores a dump into a new database.
  static void restore(PostgresServerProcess server, Path dump, String database) {
    server.sql("postgres", "CREATE DATABASE " + database + " TEMPLATE template0");
    Command.of(
            "pg_restore",
            "--exit-on-error",
            "--dbname=" + server.address(database),
            dump.toString())
        .run()
        .succeeded();
  }

  /// A text that is equal if a table holds the same rows.
  static String checksum(PostgresServerProcess server, String database, String table) {
    return server.sql(
        database,
        "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM " + table + " t");
  }
}
