package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a server is reached: in the words of libpq, which the client programs hand to it, so that
/// every setting of libpq means here what it means there. What is not said comes, as always, from
/// the `PG...` variables, service files and `~/.pgpass`.
///
/// @param keywords settings by libpq's names, without the password
/// @param password secret; goes to the client programs in their environment only
/// @param programs folder of the client programs, if they are not to be looked for
/// @param lockWait how long a dump waits for tables that somebody holds exclusively
public record PostgresSettings(
    Map<String, String> keywords,
    Optional<String> password,
    Optional<Path> programs,
    Duration lockWait) {
  /// Long enough for a migration of a large table, short enough that a backup fails in the end.
  public static final Duration DEFAULT_LOCK_WAIT = Duration.ofMinutes(10);

  static final String DATABASE = "dbname";
  private static final String PASSWORD = "password";

  /// The one that is there to be connected to.
  public static final String STANDARD_DATABASE = "postgres";

  private static final String STANDARD_PORT = "5432";

  /// Secrets that libpq takes from nowhere but a command line, which everybody can read, or a
  /// service file.
  private static final List<String> SECRETS =
      List.of("sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key");

  /// A dead connection is noticed after about two minutes instead of two hours.
  private static final Map<String, String> KEEP_ALIVE =
      Map.of("keepalives_idle", "60", "keepalives_interval", "10", "keepalives_count", "6");

  public PostgresSettings {
    keywords = Collections.unmodifiableMap(new LinkedHashMap<>(keywords));
    for (String secret : SECRETS) {
      if (keywords.containsKey(secret)) {
        throw new HoldfastException.Rejected(
            "the secret '" + secret + "' cannot be part of the address of a PostgreSQL server",
            "put it into a service file and name that with 'service=...'");
      }
    }
    if (keywords.containsKey(PASSWORD)) {
      throw new IllegalArgumentException("the password among the keywords");
    }
  }

  /// Reads a `postgresql://` or `postgres://` address, a text of `key=value` pairs or the name of a
  /// database, as libpq does. Empty means that everything comes from the environment.
  ///
  /// @param environment where `PGDATABASE` may say which database is meant
  public static PostgresSettings parse(String address, Map<String, String> environment) {
    Map<String, String> keywords = new LinkedHashMap<>(ConnectionString.parse(address));
    Optional<String> password = Optional.ofNullable(keywords.remove(PASSWORD));
    boolean service = keywords.containsKey("service") || environment.containsKey("PGSERVICE");
    if (!service) {
      if (!keywords.containsKey(DATABASE) && !environment.containsKey("PGDATABASE")) {
        keywords.put(DATABASE, STANDARD_DATABASE);
      }
      KEEP_ALIVE.forEach(keywords::putIfAbsent);
    }
    return new PostgresSettings(keywords, password, Optional.empty(), DEFAULT_LOCK_WAIT);
  }

  /// Settings as [#keywords] has them, with whatever password libpq finds.
  public static PostgresSettings of(Map<String, String> keywords, Map<String, String> environment) {
    return new PostgresSettings(
        keywords,
        Optional.ofNullable(environment.get("PGPASSWORD")),
        Optional.empty(),
        DEFAULT_LOCK_WAIT);
  }

  /// The same with a password from elsewhere, such as a file.
  public PostgresSettings withPassword(String value) {
    return new PostgresSettings(keywords, Optional.of(value), programs, lockWait);
  }

  /// The same with the client programs of one folder.
  public PostgresSettings withPrograms(Path folder) {
    return new PostgresSettings(keywords, password, Optional.of(folder), lockWait);
  }

  /// The same for another database.
  PostgresSettings withDatabase(String database) {
    Map<String, String> changed = new LinkedHashMap<>(keywords);
    changed.put(DATABASE, database);
    return new PostgresSettings(changed, password, programs, lockWait);
  }

  /// The same with options of the server behind those that are given here, which count more than
  /// the ones in the environment. If none are given here, nothing changes.
  PostgresSettings withOptions(String more) {
    Map<String, String> changed = new LinkedHashMap<>(keywords);
    changed.computeIfPresent("options", (_, given) -> given + " " + more);
    return new PostgresSettings(changed, password, programs, lockWait);
  }

  /// The settings as libpq reads them, without the password: safe in an argument list.
  String connectionString() {
    StringBuilder text = new StringBuilder();
    keywords.forEach((name, value) ->
        text.append(text.isEmpty() ? "" : " ")
            .append(name)
            .append("='")
            .append(value.replace("\\", "\\\\").replace("'", "\\'"))
            .append('\''));
    return text.toString();
  }

  /// The database that is meant, if the settings say so.
  public Optional<String> database(Map<String, String> environment) {
    return Optional.ofNullable(keywords.getOrDefault(DATABASE, environment.get("PGDATABASE")));
  }

  /// A name for the server in paths and messages: its host, and its port if it is not the usual.
  public String serverName(Map<String, String> environment) {
    String service = keywords.getOrDefault("service", environment.getOrDefault("PGSERVICE", ""));
    String host = keywords.getOrDefault("host", environment.getOrDefault("PGHOST", ""));
    String port = keywords.getOrDefault("port", environment.getOrDefault("PGPORT", ""));
    if (host.isEmpty() && !service.isEmpty()) {
      return service;
    }
    String name = host.isEmpty() || host.startsWith("/") || host.startsWith("@") ? "local" : host;
    return port.isEmpty() || port.equals(STANDARD_PORT) ? name : name + "-" + port;
  }

  /// Everything but the password.
  @Override
  public String toString() {
    return connectionString();
  }
}
