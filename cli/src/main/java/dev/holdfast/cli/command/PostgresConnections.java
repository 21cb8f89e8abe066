package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.app.AppDump;
import dev.holdfast.engine.app.PostgresDumps;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.source.postgres.PostgresServer;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.engine.source.postgres.Silence;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The PostgreSQL servers of one backup, connected to until it is done.
final class PostgresConnections implements AutoCloseable {
  private final Session session;
  private final List<PostgresServer> servers = new ArrayList<>();
  private final List<String> claims = new ArrayList<>();
  private final List<Manifest.FailedSource> unreachable = new ArrayList<>();

  PostgresConnections(Session session) {
    this.session = session;
  }

  /// The databases at these addresses. Two of one name are told apart by their servers.
  List<AppDump> ofAddresses(List<String> addresses) {
    List<AppDump> dumps = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (String address : addresses) {
      PostgresServer server =
          connect(PostgresSettings.parse(address, session.environment().variables()));
      String database = server.database();
      String below = taken.add(database) ? "" : server.name();
      dumps.addAll(
          claimed(
              server,
              new PostgresDumps.Choice(Optional.empty(), List.of(database), false, false, below)));
    }
    return dumps;
  }

  /// The databases of an app's servers.
  List<AppDump> of(App app) {
    List<AppSource.Postgres> sources =
        app.sources().stream()
            .filter(AppSource.Postgres.class::isInstance)
            .map(AppSource.Postgres.class::cast)
            .toList();
    List<AppDump> dumps = new ArrayList<>();
    for (AppSource.Postgres source : sources) {
      try {
        String below = sources.size() == 1 ? "" : source.name();
        dumps.addAll(dumps(source, below));
      } catch (HoldfastException.Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        if (app.onError() == App.OnError.FAIL) {
          throw e;
        }
        unreachable.add(
            new Manifest.FailedSource(
                "/postgres/" + source.name(), String.valueOf(e.getMessage())));
      }
    }
    return dumps;
  }

  /// Sources that could not be had, of an app that is backed up without them.
  List<Manifest.FailedSource> unreachable() {
    return unreachable;
  }

  private List<AppDump> dumps(AppSource.Postgres source, String below) {
    PostgresServer server = connect(PostgresAddress.of(session, source));
    List<String> databases =
        switch (source.databases()) {
          case AppSource.Databases.All _ -> all(server);
          case AppSource.Databases.Listed listed -> listed.names();
          case AppSource.Databases.OfConnection _ -> List.of(server.database());
        };
    return claimed(
        server,
        new PostgresDumps.Choice(
            Optional.of(source.name()),
            databases,
            source.databases() instanceof AppSource.Databases.All,
            source.globals(),
            below));
  }

  private List<AppDump> claimed(PostgresServer server, PostgresDumps.Choice choice) {
    String identity = server.identity();
    choice.databases().forEach(name -> claims.add(ServerDatabase.claim(identity, name)));
    return PostgresDumps.of(server, choice);
  }

  /// The claims on the databases that were asked for.
  List<String> claims() {
    return claims;
  }

  private List<String> all(PostgresServer server) {
    List<String> left = server.leftOut();
    if (!left.isEmpty()) {
      session.notice(
          "databases of "
              + server.name()
              + " that are templates, or that nobody may connect to, or not this user, are left out: "
              + OsString.display(String.join(", ", left)));
    }
    return server.databases();
  }

  private PostgresServer connect(PostgresSettings settings) {
    PostgresServer server = open(session, settings);
    servers.add(server);
    return server;
  }

  /// A connection that tells this run when the server says nothing for long.
  static PostgresServer open(Session session, PostgresSettings settings) {
    return PostgresServer.connect(
        settings,
        session.environment().variables(),
        session.clock(),
        Silence.toldTo(session::notice));
  }

  @Override
  public void close() {
    servers.forEach(PostgresServer::close);
  }
}
