package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that say what of a snapshot is recovered, and to where.
final class RecoverWhatOptions {
  @Option(
      names = "--from",
      paramLabel = "APP|PATH",
      description = "clone: take the state of this app, or what is at this path of the snapshot")
  @Nullable String from;

  @Option(
      names = "--from-export",
      paramLabel = "FOLDER",
      description =
          "make the database of this folder of the snapshot, which EXPORT DATABASE of DuckDB wrote;"
              + " of an app, {tenant} and the like in it stand for what they stand for in the source")
  @Nullable String fromExport;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description = "recover the database of this address; --from is then a path in the snapshot")
  @Nullable String postgres;

  @Option(names = "--source", paramLabel = "NAME", description = "only this source of the app")
  @Nullable String source;

  @Option(names = "--tenant", paramLabel = "NAME", description = "only this tenant of the app")
  @Nullable String tenant;

  @Mixin RecoverTargetOptions where = new RecoverTargetOptions();

  @Option(
      names = "--put-aside-new",
      description = "move what belongs to the app and is not in the snapshot to safety copies")
  boolean putAsideNew;

  /// The app whose state is taken.
  ///
  /// @param app that is recovered
  /// @throws HoldfastException.NotFound if `--from` names none
  App origin(Session session, App app) {
    if (from == null) {
      return app;
    }
    return AppArgument.named(session, from)
        .orElseThrow(() ->
            new HoldfastException.NotFound(
                "there is no app '" + from + "'", "--from takes an app for an app"));
  }

  /// The server that was given instead of one of the configuration.
  Optional<PostgresSettings> anyServer(Session session) {
    return address(session).or(() -> where.server(session.environment().variables()));
  }

  /// The server of the address that was given.
  Optional<PostgresSettings> address(Session session) {
    return Optional.ofNullable(postgres)
        .map(text -> PostgresSettings.parse(text, session.environment().variables()));
  }

  /// Some options mean nothing without an app.
  void requireNoneForApps() {
    if (source != null || tenant != null || putAsideNew) {
      throw new HoldfastException.Rejected(
          "--source, --tenant and --put-aside-new are for apps", "name an app");
    }
  }
}
