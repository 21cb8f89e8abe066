package dev.holdfast.engine.recover.server;

import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.source.postgres.PostgresRecovery;
import dev.holdfast.engine.source.postgres.PostgresServer;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.engine.source.postgres.Silence;
import dev.holdfast.engine.source.postgres.StagedDatabase;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// How the servers of plans are reached: with passwords, which no plan has.
///
/// @param environment of the client programs
/// @param secrets gives a server of an app (empty: of no app) the settings to connect with
/// @param temporary folders for files that are gone with the process, the best one first
public record ServerAccess(
    Map<String, String> environment,
    BiFunction<Optional<String>, ServerDatabase.Server, PostgresSettings> secrets,
    Clock clock,
    List<String> temporary) {
  public ServerAccess {
    environment = Map.copyOf(environment);
    temporary = List.copyOf(temporary);
  }

  /// Servers whose passwords come from where libpq looks for them.
  public static ServerAccess of(Map<String, String> environment, Clock clock, Path folder) {
    return new ServerAccess(
        environment,
        (_, server) -> PostgresSettings.of(server.keywords(), environment),
        clock,
        List.of(folder.toString()));
  }

  /// Connects to the server of a database.
  ///
  /// @param notices told when the server is waited for, because it was there and is not
  /// @param recovered databases of the recovery, which nobody may be connected to meanwhile
  /// @throws HoldfastException.Rejected if another server is there now
  public PostgresRecovery connect(
      Optional<String> app, ServerDatabase it, Consumer<String> notices, Set<String> recovered) {
    PostgresRecovery server =
        PostgresRecovery.connect(secrets.apply(app, it.server()), environment, notices, recovered);
    if (!server.identity().equals(it.server().identity())) {
      server.close();
      throw new HoldfastException.Rejected(
          "the address of %s leads to another server than when the recovery was planned"
              .formatted(it.server().name()),
          "see what runs there");
    }
    return server;
  }

  /// Drops the database that a recovery put aside; fine if it is gone.
  ///
  /// @throws HoldfastException.Rejected if another one has its name
  public void dropAside(Optional<String> app, ServerDatabase it) {
    try (PostgresRecovery server = connect(app, it, _ -> {}, Set.of())) {
      Optional<PostgresRecovery.Entry> there = server.find(it.safety());
      if (there.isPresent() && there.get().oid() != it.liveOid()) {
        throw new HoldfastException.Rejected(
            "the database '%s' is not what the recovery put there".formatted(it.safety()),
            "rename it if it is wanted, or drop it by hand");
      }
      new StagedDatabase(server, it.safety()).drop();
    }
  }

  /// Connects to it for a backup.
  ///
  /// @param notices told when the server says nothing for long
  public PostgresServer connectForBackup(
      Optional<String> app, ServerDatabase it, Consumer<String> notices) {
    return PostgresServer.connect(
        secrets.apply(app, it.server()), environment, clock, Silence.toldTo(notices));
  }
}
