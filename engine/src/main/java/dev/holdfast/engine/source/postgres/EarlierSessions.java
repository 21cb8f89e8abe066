package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What an earlier process left to a server to do for a recovery: a server notices that a client is
/// gone when it next writes to it, and until then makes the database that it was told to make.
public final class EarlierSessions {
  private final PostgresRecovery server;
  private final NamesLock lock;
  private final String ended;

  /// @param names of which all but that of the live database are known to this recovery alone
  public EarlierSessions(PostgresRecovery server, DatabaseNames.Names names) {
    this.server = server;
    this.lock = new NamesLock(server, names);
    String staged = Sql.literal(names.staged());
    String all =
        Stream.of(names.live(), names.staged(), names.safety())
            .map(Sql::literal)
            .collect(Collectors.joining(", "));
    // Whoever holds the lock of a change of names is in the middle of its commit, or somebody else.
    this.ended =
        """
        SELECT pid, CASE WHEN ours THEN pg_terminate_backend(pid) END FROM (
          SELECT pid, datname = %1$s OR state <> 'idle' AND strpos(query, %1$s) > 0 AS ours
          FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = current_user) AS a
        WHERE ours OR pid IN (SELECT pid FROM pg_locks WHERE locktype = 'object' AND granted
          AND classid = 'pg_database'::regclass AND mode = 'AccessExclusiveLock'
          AND objid IN (SELECT oid FROM pg_database WHERE datname IN (%2$s)))
        """
            .formatted(staged, all);
  }

  /// Ends them, and returns when what they did is done or undone for good.
  ///
  /// @throws HoldfastException.Locked if one does not end
  public void end() {
    lock.endHolder();
    Leaving.await(
        () -> server.ask(asked -> asked.queryAsConnected(ended, 2)),
        session ->
            new HoldfastException.Locked(
                "the server's process %s, which an earlier run of this recovery may have left, does not end"
                    .formatted(session.getFirst()),
                "see what it does in pg_stat_activity"),
        "earlier sessions were ended");
  }
}
