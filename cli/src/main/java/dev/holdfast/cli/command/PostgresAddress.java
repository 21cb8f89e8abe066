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
    String address =
        source
            .url()
            .or(() -> source.urlVariable().map(name -> variable(session, source, name)))
            .orElse("");
    PostgresSettings settings = settings(session, source, address);
    return source
        .password()
        .map(secret ->
            new String(
                session.secret("the password of the source '" + source.name() + "'", secret),
                StandardCharsets.UTF_8))
        .map(settings::withPassword)
        .orElse(settings);
  }

  private static PostgresSettings settings(
      Session session, AppSource.Postgres source, String address) {
    PostgresSettings parsed = PostgresSettings.parse(address, session.environment().variables());
    Map<String, String> keywords = new LinkedHashMap<>(parsed.keywords());
    keywords.putAll(source.settings());
    return new PostgresSettings(keywords, parsed.password(), parsed.programs(), parsed.lockWait());
  }

  /// The same without a password that cannot be had now.
  static PostgresSettings asFarAsKnown(Session session, AppSource.Postgres source) {
    try {
      return of(session, source);
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      return settings(
          session,
          source,
          source
              .url()
              .or(() -> source.urlVariable().flatMap(session.environment()::variable))
              .orElse(""));
    }
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
