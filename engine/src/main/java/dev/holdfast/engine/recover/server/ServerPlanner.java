package dev.holdfast.engine.recover.server;

import dev.holdfast.engine.recover.plan.PlannedDatabase;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.Replacement.Action;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.plan.ServerDatabase.Way;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.postgres.DatabaseNames;
import dev.holdfast.engine.source.postgres.DumpHead;
import dev.holdfast.engine.source.postgres.PostgresRecovery;
import dev.holdfast.engine.source.postgres.RecoveryGate;
import dev.holdfast.engine.source.postgres.ScratchDatabases;
import dev.holdfast.engine.source.postgres.StagedDatabase;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Plans what is done with databases of servers. Asks them, and changes nothing. Not thread-safe.
public final class ServerPlanner {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'_'HHmmss").withZone(ZoneOffset.UTC);
  private static final int RANDOM_BOUND = 0x10000;

  /// PostgreSQL cuts off what is longer (`NAMEDATALEN`).
  private static final int NAME_BYTES_MAX = 63;

  private static final String STAGED = "_holdfast_";

  private final Map<String, String> environment;
  private final Consumer<String> claims;
  private final String stamp;
  private int planned;

  /// @param environment of the client programs
  /// @param claims told the [ServerDatabase#claim] of each database before it is looked at; may
  ///   refuse it
  public ServerPlanner(
      Map<String, String> environment,
      InstantSource clock,
      RandomGenerator random,
      Consumer<String> claims) {
    this.environment = Map.copyOf(environment);
    this.claims = claims;
    Instant now = clock.instant();
    this.stamp = STAMP.format(now) + "_%04x".formatted(random.nextInt(RANDOM_BOUND));
  }

  /// The plan for one database.
  ///
  /// @param restorePoint whether there will be one
  /// @throws HoldfastException if it cannot be done, with the reason
  public PlannedDatabase plan(ServerTarget target, boolean restorePoint) {
    try (PostgresRecovery server = PostgresRecovery.connect(target.settings(), environment)) {
      claims.accept(ServerDatabase.claim(server.identity(), target.database()));
      RecoveryGate gate = new RecoveryGate(server, target.facts());
      gate.requireVersions();
      Optional<PostgresRecovery.Entry> present = server.find(target.database());
      Way way = way(gate, target, present, restorePoint);
      Optional<DumpHead> dump = target.head().map(Supplier::get);
      dump.ifPresent(head -> {
        gate.requireTablespaces(head, present.isPresent());
        gate.requireGrantees(head.grantees());
        gate.requireRoles(way == Way.BESIDE ? head.owners() : head.makers());
      });
      planned++;
      ServerDatabase database =
          new ServerDatabase(
              action(target, present),
              way,
              new ServerDatabase.Server(
                  target.source(), target.settings().keywords(), server.name(), server.identity()),
              target.from(),
              target.path(),
              target.database(),
              name(target.database(), STAGED),
              name(target.database(), DatabaseNames.SAFETY),
              present.map(PostgresRecovery.Entry::oid).orElse(0L),
              target.bytes(),
              target.mask());
      return forecast(server, target, database, present, dump);
    }
  }

  private static Action action(ServerTarget target, Optional<PostgresRecovery.Entry> present) {
    if (target.from().isEmpty()) {
      return Action.REMOVE;
    }
    return present.isPresent() ? Action.REPLACE : Action.CREATE;
  }

  private static Way way(
      RecoveryGate gate,
      ServerTarget target,
      Optional<PostgresRecovery.Entry> present,
      boolean restorePoint) {
    Optional<String> missing = gate.missingForNewDatabase(present);
    if (missing.isEmpty()) {
      return Way.BESIDE;
    }
    if (present.isEmpty() || target.from().isEmpty()) {
      throw new HoldfastException.Rejected(missing.get(), gate.remedy(present));
    }
    Optional<String> inside = gate.missingInPlace(target.database());
    if (inside.isPresent()) {
      throw new HoldfastException.Rejected(
          missing.get() + ", and " + inside.get() + ": neither way is open", gate.remedy(present));
    }
    if (!restorePoint) {
      throw new HoldfastException.Rejected(
          "%s, so '%s' would be replaced in place, where the restore point is the only way back"
              .formatted(missing.get(), target.database()),
          "leave out --no-restore-point, or " + gate.remedy(present));
    }
    if (target.mask().isPresent()) {
      throw new HoldfastException.Rejected(
          missing.get() + ", and masking needs a database beside the present one",
          gate.remedy(present));
    }
    return Way.IN_PLACE;
  }

  private String name(String database, String infix) {
    String suffix = infix + stamp + (planned > 1 ? "_" + planned : "");
    StringBuilder base = new StringBuilder(database);
    while (base.toString().getBytes(StandardCharsets.UTF_8).length + suffix.length()
        > NAME_BYTES_MAX) {
      base.setLength(base.offsetByCodePoints(base.length(), -1));
    }
    return base + suffix;
  }

  private static PlannedDatabase forecast(
      PostgresRecovery server,
      ServerTarget target,
      ServerDatabase database,
      Optional<PostgresRecovery.Entry> present,
      Optional<DumpHead> dump) {
    List<String> warnings = replication(server, database, present, dump);
    if (database.way() == Way.IN_PLACE) {
      warnings.add(
          new RecoveryGate(server, target.facts()).missingForNewDatabase(present).orElseThrow()
              + ": the content is replaced in place, while the service is stopped");
    }
    List<Preview.TableChange> changes = new ArrayList<>();
    boolean counted = present.isEmpty() || target.from().isEmpty();
    if (!counted && target.facts().isPresent()) {
      Optional<List<TableRows>> now = StagedDatabase.look(server, target.database());
      counted = now.isPresent();
      now.ifPresent(rows ->
          changes.addAll(
              Preview.TableChange.between(database.live(), rows, target.facts().get().tables())));
    }
    return new PlannedDatabase(database, changes, counted, space(server, target), warnings);
  }

  /// What logical replication does not do by itself in the new state.
  private static List<String> replication(
      PostgresRecovery server,
      ServerDatabase database,
      Optional<PostgresRecovery.Entry> present,
      Optional<DumpHead> dump) {
    List<String> warnings = new ArrayList<>();
    List<String> subscriptions = dump.map(DumpHead::subscriptions).orElse(List.of());
    if (!subscriptions.isEmpty()) {
      warnings.add(
          "the subscriptions of %s are not enabled in the new state, of which their publishers know nothing: %s"
              .formatted(database.live(), String.join(", ", subscriptions)));
    }
    List<String> slots =
        present.isPresent() && database.way() == Way.BESIDE
            ? server.slots(database.live())
            : List.of();
    if (!slots.isEmpty()) {
      warnings.add(
          "the logical replication slots of %s stay with the former state, and whoever follows them sees nothing of the new one: %s"
              .formatted(database.live(), String.join(", ", slots)));
    }
    return warnings;
  }

  /// What the new state takes up on the server, if that is this machine and this user may see where
  /// it writes.
  private static List<Preview.Space> space(PostgresRecovery server, ServerTarget target) {
    if (target.from().isEmpty()) {
      return List.of();
    }
    long needed = ScratchDatabases.bytesOf(target.bytes(), target.facts());
    return server.folder(target.database()).stream()
        .flatMap(folder -> space(folder, needed).stream())
        .toList();
  }

  private static Optional<Preview.Space> space(String folder, long neededBytes) {
    try {
      return Optional.of(
          new Preview.Space(folder, neededBytes, Posix.statfs(folder).availableBytes()));
    } catch (PosixException e) {
      return Optional.empty(); // it was there a moment ago
    }
  }

  /// The way back from a recovery that succeeded.
  ///
  /// @return empty if nothing was there and nothing is
  /// @throws HoldfastException.NotFound if the safety copy is gone
  public Optional<ServerDatabase> undo(
      PostgresRecovery server, ServerDatabase done, Optional<String> restorePoint) {
    if (done.way() == Way.IN_PLACE) {
      throw new HoldfastException.Rejected(
          "%s was replaced in place, and has no safety copy".formatted(done.describe()),
          "recover the restore point: --snapshot " + restorePoint.orElse("of the tag pre-restore"));
    }
    Optional<PostgresRecovery.Entry> live = server.find(done.live());
    Optional<PostgresRecovery.Entry> kept = server.find(done.safety());
    if (done.hadSomething() && kept.isEmpty()) {
      throw new HoldfastException.NotFound(
          "the safety copy '%s' of %s is gone".formatted(done.safety(), done.describe()),
          "recover the snapshot with the tag pre-restore that was made before that recovery");
    }
    if (!done.hadSomething() && live.isEmpty()) {
      return Optional.empty();
    }
    planned++;
    return Optional.of(
        new ServerDatabase(
            done.hadSomething() ? (live.isEmpty() ? Action.CREATE : Action.REPLACE) : Action.REMOVE,
            Way.BESIDE,
            done.server(),
            Optional.empty(),
            done.path(),
            done.live(),
            done.safety(),
            name(done.live(), DatabaseNames.SAFETY),
            live.map(PostgresRecovery.Entry::oid).orElse(0L),
            0,
            Optional.empty()));
  }
}
