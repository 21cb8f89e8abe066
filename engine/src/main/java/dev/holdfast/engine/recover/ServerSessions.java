package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.server.ServerAccess;
import dev.holdfast.engine.source.postgres.OrphanedClients;
import dev.holdfast.engine.source.postgres.PostgresRecovery;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The servers of one recovery, each connected to when it is first needed and until the end. One
/// thread at a time.
final class ServerSessions implements AutoCloseable {
  private final ServerAccess access;
  private final String recovery;
  private final Optional<String> app;
  private final Consumer<String> notices;
  private final Set<String> recovered;
  private final Map<String, PostgresRecovery> servers = new HashMap<>();

  /// @param notices as in [ServerAccess#connect]
  ServerSessions(ServerAccess access, Plan plan, Consumer<String> notices) {
    this.recovery = plan.id();
    this.access =
        new ServerAccess(
            OrphanedClients.marked(access.environment(), recovery),
            access.secrets(),
            access.clock(),
            access.temporary());
    this.app = plan.app();
    this.recovered =
        plan.databases().stream().map(ServerDatabase::live).collect(Collectors.toSet());
    this.notices = notices;
  }

  ServerAccess access() {
    return access;
  }

  /// Ends the client programs that an earlier process of this recovery left.
  void endOrphans() {
    OrphanedClients.end(recovery);
  }

  PostgresRecovery of(ServerDatabase it) {
    return servers.computeIfAbsent(
        it.server().identity(), _ -> access.connect(app, it, notices, recovered));
  }

  @Override
  public void close() {
    servers.values().forEach(PostgresRecovery::close);
    servers.clear();
  }
}
