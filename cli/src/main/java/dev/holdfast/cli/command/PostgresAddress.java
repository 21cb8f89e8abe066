package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// How the server of a source is connected to, with its password.
final class PostgresAddress {
  private PostgresAddress() {}

  static PostgresSettings of(Session session, AppSource.Postgres source) {
    Map<String, String> environment = session.environment().variables();
    String address =
        source
            .url()
            .or(() -> source.urlVariable().map(name -> variable(session, source, name)))
            .orElse("");
    PostgresSettings parsed = PostgresSettings.parse(address, environment);
    Map<String, String> keywords = new LinkedHashMap<>(parsed.keywords());
    keywords.putAll(source.settings());
    PostgresSettings settings =
        new PostgresSettings(keywords, parsed.password(), parsed.programs(), parsed.lockWait());
    return source
        .password()
        .map(secret ->
            new String(
                session.secret("the password of the source '" + source.name() + "'", secret),
                StandardCharsets.UTF_8))
        .map(settings::withPassword)
        .orElse(settings);
  }

  private static String variable(Session session, AppSource.Postgres source, String name) {
    return session
        .environment()
        .variable(name)
        .orElseThrow(() ->
            new HoldfastException.Rejected(
                "the variable "
                    + name
                    + " that holds the address of the source '"
                    + source.name()
                    + "' is not set",
                "set it in the environment that Holdfast is started in"));
  }
}
