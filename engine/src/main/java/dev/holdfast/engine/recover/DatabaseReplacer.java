package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.service.Occupant;
import dev.holdfast.engine.recover.service.OpenFiles;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.postgres.DatabaseNames;
import dev.holdfast.engine.source.postgres.PostgresRecovery;
import dev.holdfast.engine.source.postgres.SeekableDump;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What both ways to replace a database of a server have in common.
abstract sealed class DatabaseReplacer implements Replacer permits BesideReplacer, InPlaceReplacer {
  private final ServerDatabase it;
  private final Context context;
  private boolean alone;

  /// What a replacer works with.
  ///
  /// @param facts what the manifest says of the dump
  /// @param dump of the new state
  /// @param hasService whether whoever uses the database is stopped by a command: what is left of
  ///   connections is then ended, and else refused
  /// @param isTakenOver whether another process began this recovery
  record Context(
      ServerSessions sessions,
      Supplier<Optional<SourceFacts>> facts,
      Optional<SnapshotDump> dump,
      boolean hasService,
      boolean isTakenOver) {}

  DatabaseReplacer(ServerDatabase it, Context context) {
    this.it = it;
    this.context = context;
    this.alone = !context.isTakenOver();
  }

  final ServerDatabase it() {
    return it;
  }

  final DatabaseNames.Names names() {
    return new DatabaseNames.Names(it.live(), it.staged(), it.safety());
  }

  final PostgresRecovery server() {
    return context.sessions().of(it);
  }

  /// Ends what a killed process of this recovery left at work, once, before anything is looked at:
  /// it would go on behind the back of this one.
  final void takeOver() {
    if (!alone) {
      context.sessions().endOrphans();
      endEarlierSessions();
      alone = true;
    }
  }

  /// Ends what the server still does for an earlier process.
  abstract void endEarlierSessions();

  final Optional<SourceFacts> facts() {
    return context.facts().get();
  }

  final SnapshotDump dump() {
    return context.dump().orElseThrow(() -> new IllegalStateException("a plan without a dump"));
  }

  final List<String> temporary() {
    return context.sessions().access().temporary();
  }

  @Override
  public final Set<String> folders() {
    return Set.of();
  }

  @Override
  public final Set<String> stagedFiles() {
    return Set.of();
  }

  @Override
  public final void makeRoom() {}

  @Override
  public void validate() {
    long now = server().find(it.live()).map(PostgresRecovery.Entry::oid).orElse(0L);
    if (now != it.liveOid()) {
      throw new HoldfastException.Rejected(
          it.describe() + " was replaced since the plan was made", "run it again");
    }
  }

  @Override
  public List<Occupant> occupants(OpenFiles open) {
    if (context.hasService()) {
      return List.of(); // those that the service left are ended with the swap
    }
    return server().clients(it.live()).stream()
        .filter(client -> client.pid() != 0)
        .map(client -> new Occupant(client.pid(), client.program(), it.describe()))
        .toList();
  }

  /// Nobody can end a prepared transaction but whoever knows how it should end.
  @Override
  public void settle() {
    server().clients(it.live()).stream()
        .filter(client -> client.pid() == 0)
        .findFirst()
        .ifPresent(prepared -> {
          throw new HoldfastException.Locked(
              "%s has %s".formatted(it.describe(), prepared.program()),
              "end it with COMMIT PREPARED or ROLLBACK PREPARED");
        });
  }

  /// [SnapshotDump#rows].
  final List<TableRows> expected(SeekableDump file) {
    return dump().rows(file, facts());
  }
}
