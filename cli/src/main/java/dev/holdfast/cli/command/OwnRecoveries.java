package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.recover.Recoveries;
import dev.holdfast.engine.recover.files.PosixFiles;
import dev.holdfast.engine.recover.plan.LivePath;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.service.Outside;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.StoreAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// The recoveries of whoever runs the program.
final class OwnRecoveries {
  private OwnRecoveries() {}

  static Recoveries of(Session session) {
    return of(session, Optional.empty());
  }

  /// @param address of a server of this run
  static Recoveries of(Session session, Optional<PostgresSettings> address) {
    return new Recoveries(
        folder(session),
        new PosixFiles(),
        session.engines(),
        session.clock(),
        new SecureRandom(),
        new Outside(session.environment().variables(), session::secret),
        RecoverServers.access(session, address));
  }

  /// Of the journals.
  static Path folder(Session session) {
    return session.environment().stateHome().resolve("holdfast").resolve("recover");
  }

  /// The file of the configuration of this run, as plans name it; empty if there is none.
  static Optional<String> configuration(Session session) {
    return session
        .configurationFile()
        .map(file -> Paths.clean(Path.of(session.workingDirectory()).resolve(file).toString()));
  }

  /// Whether a recovery is of an app that is described in another file than the one of this run,
  /// and has the same name. Nothing of this one's app is meant by its journal: neither its paths
  /// nor its servers.
  static boolean isElsewhere(Session session, Plan plan) {
    Optional<String> here = configuration(session);
    boolean knownHere =
        plan.app()
            .flatMap(name -> session.configuration().map(known -> known.apps().containsKey(name)))
            .orElse(false);
    return knownHere
        && here.isPresent()
        && plan.configuration().filter(there -> !isSameFile(there, here.get())).isPresent();
  }

  /// Whether two names are of one file, as far as can be seen.
  static boolean isSameFile(String one, String other) {
    try {
      return one.equals(other) || Posix.stat(one).isSameFile(Posix.stat(other));
    } catch (PosixException e) {
      return false;
    }
  }

  /// Makes sure that none of these paths is being recovered: neither the old nor the new state, and
  /// nothing in between, is worth a snapshot then.
  static void refuseBusy(Session session, List<String> paths) {
    if (Files.isDirectory(folder(session))) {
      of(session).refuseBusy(paths.stream().map(path -> known(session, path)).toList());
    }
  }

  /// Makes sure that none of these databases on servers is being recovered.
  ///
  /// @param claims [dev.holdfast.engine.recover.plan.ServerDatabase#claim]
  static void refuseBusyDatabases(Session session, List<String> claims) {
    if (!claims.isEmpty() && Files.isDirectory(folder(session))) {
      of(session).refuseBusy(claims);
    }
  }

  /// Makes sure that no database on a server of this app is being recovered, before it is connected
  /// to.
  static void refuseBusyServers(Session session, App app) {
    if (Files.isDirectory(folder(session))) {
      of(session).refuseBusyServers(app.name());
    }
  }

  /// Where a path really is; the path as it was given if this user may not look, which is for the
  /// backup to say of it.
  static String known(Session session, String path) {
    try {
      return absolute(session, path);
    } catch (HoldfastException.InputOutput e) {
      return Paths.clean(path.startsWith("/") ? path : session.workingDirectory() + "/" + path);
    }
  }

  /// Makes sure that a plan does not move away what it is carried out with.
  static void refuseOwn(Session session, Plan plan) {
    refuse(plan, LivePath.of(folder(session).toString()).path(), "the journals of recoveries");
    if (StoreAddress.parse(session.location()) instanceof StoreAddress.Local local) {
      String repository = local.root().toAbsolutePath().toString();
      refuse(plan, LivePath.of(repository).path(), "the repository");
    }
  }

  private static void refuse(Plan plan, String own, String what) {
    for (Replacement it : plan.replacements()) {
      if (Paths.isWithin(it.live(), own)) {
        throw new HoldfastException.Rejected(
            "%s lies inside of %s, which would be replaced"
                .formatted(what, OsString.display(it.live())),
            "recover the folders and databases in it one by one");
      }
    }
  }

  /// Where a path really is.
  static String absolute(Session session, String path) {
    String absolute = path.startsWith("/") ? path : session.workingDirectory() + "/" + path;
    return LivePath.of(absolute).path();
  }
}
