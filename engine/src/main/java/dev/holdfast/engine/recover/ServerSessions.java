package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.server.ServerAccess;
import dev.holdfast.engine.source.postgres.PostgresRecovery;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The servers of one recovery, each connected to when it is first needed and until the end. One
/// thread at a time.
final class ServerSessions implements AutoCloseable {
  private final ServerAccess access;
  private final Optional<String> app;
  private final Map<String, PostgresRecovery> servers = new HashMap<>();

  ServerSessions(ServerAccess access, Plan plan) {
    this.access = access;
    this.app = plan.app();
  }

  ServerAccess access() {
    return access;
  }

  PostgresRecovery of(ServerDatabase it) {
    return servers.computeIfAbsent(it.server().identity(), _ -> access.connect(app, it));
  }

  @Override
  public void close() {
    servers.values().forEach(PostgresRecovery::close);
    servers.clear();
  }
}
