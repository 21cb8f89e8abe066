package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.app.PostgresDumps;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.recover.AppTargets;
import dev.holdfast.engine.recover.plan.LivePath;
import dev.holdfast.engine.recover.plan.PlannedDatabase;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.server.ServerAccess;
import dev.holdfast.engine.recover.server.ServerPlanner;
import dev.holdfast.engine.recover.server.ServerTarget;
import dev.holdfast.engine.source.UnnamedFile;
import dev.holdfast.engine.source.postgres.DumpHead;
import dev.holdfast.engine.source.postgres.PostgresServer;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The databases of servers that a recovery is about.
final class RecoverServers {
  private final Session session;
  private final Function<String, DumpHead> heads;

  /// @param heads gives the path of a dump in the snapshot what is said at its beginning
  RecoverServers(Session session, Function<String, DumpHead> heads) {
    this.session = session;
    this.heads = heads;
  }

  /// How servers of plans are reached.
  ///
  /// @param address of the server of this run, whose password nobody else knows
  static ServerAccess access(Session session, Optional<PostgresSettings> address) {
    return new ServerAccess(
        session.environment().variables(),
        (app, server) -> settings(session, app, server, address),
        session.clock(),
        temporary(session));
  }

  /// Folders for dumps while they are loaded, the best one first.
  private static List<String> temporary(Session session) {
    return List.of(
        session.environment().stateHome().toString(),
        session.environment().variable("TMPDIR").orElse("/tmp"));
  }

  private static PostgresSettings settings(
      Session session,
      Optional<String> app,
      ServerDatabase.Server server,
      Optional<PostgresSettings> address) {
    PostgresSettings known =
        PostgresSettings.of(server.keywords(), session.environment().variables());
    Optional<PostgresSettings> configured =
        app.flatMap(name -> AppArgument.find(session, name))
            .flatMap(found -> server.source().flatMap(source -> source(found, source)))
            .map(source -> PostgresAddress.of(session, source));
    return configured
        .or(() -> address.filter(one -> one.keywords().equals(server.keywords())))
        .flatMap(PostgresSettings::password)
        .map(known::withPassword)
        .orElse(known);
  }

  private static Optional<AppSource.Postgres> source(App app, String name) {
    return app.sources().stream()
        .filter(AppSource.Postgres.class::isInstance)
        .map(AppSource.Postgres.class::cast)
        .filter(source -> source.name().equals(name))
        .findFirst();
  }

  /// The plan for the database of an address.
  ///
  /// @param from where the dump is in the snapshot; its bytes are asked of `bytes`
  PlannedDatabase ofAddress(
      PostgresSettings settings,
      String database,
      String from,
      long bytes,
      Optional<Manifest> manifest,
      Optional<String> mask,
      boolean restorePoint) {
    PlannedDatabase planned =
        planner()
            .plan(
                new ServerTarget(
                    Optional.empty(),
                    settings,
                    database,
                    Optional.of(from),
                    PostgresDumps.path(database),
                    bytes,
                    manifest.flatMap(known -> known.source(from)).map(ManifestSource::facts),
                    Optional.of(() -> heads.apply(from)),
                    mask),
                restorePoint);
    return withCopies(List.of(planned)).getFirst();
  }

  /// The plans for the databases of an app.
  ///
  /// @param elsewhere the server that they go to instead of the app's own
  List<PlannedDatabase> ofApp(
      AppTargets.Wish wish,
      AppTargets targets,
      Optional<PostgresSettings> elsewhere,
      boolean restorePoint) {
    refuseHalf(wish, targets, elsewhere);
    ServerPlanner planner = planner();
    List<PlannedDatabase> planned = new ArrayList<>();
    for (ManifestSource dump : targets.dumps()) {
      ServerTarget target =
          elsewhere
              .map(server -> elsewhere(wish, dump, server, targets.dumps().size()))
              .orElseGet(() -> counterpart(wish, dump));
      planned.add(planner.plan(target, restorePoint));
    }
    if (elsewhere.isEmpty() && wish.target().isEmpty()) {
      planned.addAll(putAside(wish, planned, planner, restorePoint));
    }
    return withCopies(planned);
  }

  /// With `--target`, nothing goes to where the app itself is.
  private static void refuseHalf(
      AppTargets.Wish wish, AppTargets targets, Optional<PostgresSettings> elsewhere) {
    if (wish.target().isPresent() && elsewhere.isEmpty() && !targets.dumps().isEmpty()) {
      throw new HoldfastException.Rejected(
          "--target is a folder, and '%s' is a database of a server"
              .formatted(targets.dumps().getFirst().name()),
          "give --target postgresql://HOST as well; --source recovers the others alone");
    }
    if (elsewhere.isPresent() && wish.target().isEmpty() && !targets.targets().isEmpty()) {
      throw new HoldfastException.Rejected(
          "--target is a server, and %s is in a file or folder"
              .formatted(OsString.display(targets.targets().getFirst().from())),
          "give --target FOLDER as well; --source recovers the databases of a server alone");
    }
    if (elsewhere.isPresent() && targets.dumps().isEmpty()) {
      throw new HoldfastException.Rejected(
          "--target is a server, and no database of a server is to be recovered",
          "leave the address out");
    }
  }

  /// The database of another server that the address names, or else the one of the same name.
  private ServerTarget elsewhere(
      AppTargets.Wish wish, ManifestSource dump, PostgresSettings server, int dumps) {
    String same = dump.bindings().getOrDefault(Manifest.DATABASE_BINDING, "");
    String named =
        server
            .database(session.environment().variables())
            .filter(name -> !name.equals(PostgresSettings.STANDARD_DATABASE))
            .orElse(same);
    if (dumps > 1 && !named.equals(same)) {
      throw new HoldfastException.Rejected(
          "%d databases are to be recovered, and the address of --target names one: %s"
              .formatted(dumps, named),
          "leave it out: each keeps its name");
    }
    return new ServerTarget(
        Optional.empty(),
        server,
        named,
        Optional.of(dump.path()),
        PostgresDumps.path(server.serverName(session.environment().variables()), named),
        dump.bytes(),
        Optional.of(dump.facts()),
        Optional.of(() -> heads.apply(dump.path())),
        wish.masks().apply(dump.name()));
  }

  /// The plans with the space that copies of dumps need while they are loaded: one at a time, but
  /// for those that are kept until a database is replaced in place.
  private List<PlannedDatabase> withCopies(List<PlannedDatabase> planned) {
    long kept = 0;
    long largest = 0;
    for (PlannedDatabase each : planned) {
      ServerDatabase database = each.database();
      if (database.way() == ServerDatabase.Way.IN_PLACE) {
        kept += database.bytes();
      } else {
        largest = Math.max(largest, database.bytes());
      }
    }
    long needed = kept + largest;
    if (needed == 0) {
      return planned;
    }
    List<PlannedDatabase> all = new ArrayList<>(planned);
    all.set(0, all.getFirst().needing(copies(UnnamedFile.neededBytes(needed))));
    return all;
  }

  /// In the first folder that has the room, or else the one that has the most.
  private Preview.Space copies(long neededBytes) {
    Optional<Preview.Space> best = Optional.empty();
    for (String folder : temporary(session)) {
      try {
        // The folder is made when it is needed.
        String there = LivePath.of(Paths.child(folder, "copy")).existingFolder();
        Preview.Space space =
            new Preview.Space(there, neededBytes, Posix.statfs(there).availableBytes());
        if (space.isEnough()) {
          return space;
        }
        if (best.isEmpty() || best.get().availableBytes() < space.availableBytes()) {
          best = Optional.of(space);
        }
      } catch (PosixException e) {
        // The next one may be there.
      }
    }
    return best.orElseThrow(() ->
        new HoldfastException.InputOutput(
            "there is no folder for copies of dumps", "point TMPDIR to one", null));
  }

  private ServerPlanner planner() {
    return new ServerPlanner(
        session.environment().variables(),
        session.clock(),
        new SecureRandom(),
        claim -> OwnRecoveries.refuseBusyDatabases(session, List.of(claim)));
  }

  private ServerTarget counterpart(AppTargets.Wish wish, ManifestSource dump) {
    AppSource.Postgres source = sourceOf(wish, dump);
    PostgresSettings settings = PostgresAddress.of(session, source);
    String database = database(wish, source, settings, dump);
    return new ServerTarget(
        Optional.of(source.name()),
        settings,
        database,
        Optional.of(dump.path()),
        path(wish.app(), source, database),
        dump.bytes(),
        Optional.of(dump.facts()),
        Optional.of(() -> heads.apply(dump.path())),
        wish.masks().apply(source.name()));
  }

  private static AppSource.Postgres sourceOf(AppTargets.Wish wish, ManifestSource dump) {
    return source(wish.app(), dump.name())
        .orElseThrow(() ->
            new HoldfastException.NotFound(
                "the app '%s' has no source '%s' for %s"
                    .formatted(wish.app().name(), dump.name(), OsString.display(dump.path())),
                "name the sources of both apps alike"));
  }

  /// The same database of the same app; of another app the one that its source means.
  private String database(
      AppTargets.Wish wish,
      AppSource.Postgres source,
      PostgresSettings settings,
      ManifestSource dump) {
    String same = dump.bindings().getOrDefault(Manifest.DATABASE_BINDING, "");
    if (wish.app().name().equals(wish.from().name())) {
      return same;
    }
    return switch (source.databases()) {
      case AppSource.Databases.All _ -> same;
      case AppSource.Databases.OfConnection _ ->
          settings
              .database(session.environment().variables())
              .orElseThrow(() ->
                  new HoldfastException.Rejected(
                      "the source '" + source.name() + "' does not name its database",
                      "name it with 'dbname' or in the address"));
      case AppSource.Databases.Listed listed ->
          listed.names().size() == 1 || !listed.names().contains(same)
              ? listed.names().getFirst()
              : same;
    };
  }

  private static String path(App app, AppSource.Postgres source, String database) {
    long servers = app.sources().stream().filter(AppSource.Postgres.class::isInstance).count();
    return servers == 1
        ? PostgresDumps.path(database)
        : PostgresDumps.path(source.name(), database);
  }

  /// Databases that belong to the app now and are not in the snapshot.
  private List<PlannedDatabase> putAside(
      AppTargets.Wish wish,
      List<PlannedDatabase> planned,
      ServerPlanner planner,
      boolean restorePoint) {
    List<PlannedDatabase> aside = new ArrayList<>();
    if (!wish.app().name().equals(wish.from().name())) {
      return aside;
    }
    for (AppSource each : wish.app().sources()) {
      if (each instanceof AppSource.Postgres source
          && source.databases() instanceof AppSource.Databases.All
          && wish.wantsAllOf(source.name())) {
        PostgresSettings settings = PostgresAddress.of(session, source);
        for (String database : surplus(source, settings, planned)) {
          if (!wish.putAsideNew()) {
            throw new HoldfastException.NotFound(
                "the database '%s' belongs to the app and is not in the snapshot"
                    .formatted(database),
                "--put-aside-new gives it another name; --source recovers others alone");
          }
          aside.add(
              planner.plan(
                  new ServerTarget(
                      Optional.of(source.name()),
                      settings,
                      database,
                      Optional.empty(),
                      path(wish.app(), source, database),
                      0,
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty()),
                  restorePoint));
        }
      }
    }
    return aside;
  }

  private List<String> surplus(
      AppSource.Postgres source, PostgresSettings settings, List<PlannedDatabase> planned) {
    try (PostgresServer server = PostgresConnections.open(session, settings)) {
      List<String> surplus = new ArrayList<>(server.databases());
      planned.stream()
          .map(PlannedDatabase::database)
          .filter(it -> it.server().source().equals(Optional.of(source.name())))
          .forEach(it -> surplus.remove(it.live()));
      surplus.remove("postgres"); // where everybody connects to
      return surplus;
    }
  }
}
