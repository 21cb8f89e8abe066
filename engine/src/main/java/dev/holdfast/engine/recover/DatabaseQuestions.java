package dev.holdfast.engine.recover;

import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks databases that a plan replaced.
final class DatabaseQuestions {
  private final Plan plan;
  private final List<DatabaseEngine> engines;
  private final ServerSessions servers;

  DatabaseQuestions(Plan plan, List<DatabaseEngine> engines, ServerSessions servers) {
    this.plan = plan;
    this.engines = engines;
    this.servers = servers;
  }

  /// The first value of the answer of each database.
  ///
  /// @param name the path of a database, as it is live or as it is in the snapshot, which may lie
  ///   in a folder that was replaced, or the name of one on a server; empty for all
  /// @throws HoldfastException.Rejected if there is no such database, or one cannot answer
  List<String> ask(String name, String query) {
    List<String> answers = new ArrayList<>();
    for (Replacement it : plan.replacements()) {
      if (it.bringsSomething()) {
        path(it, name).flatMap(path -> ask(it, path, query)).ifPresent(answers::add);
      }
    }
    for (ServerDatabase it : plan.databases()) {
      if (it.bringsSomething() && isMeant(it, name)) {
        answers.add(servers.of(it).askIn(it.live(), query));
      }
    }
    if (answers.isEmpty()) {
      throw new HoldfastException.Rejected(
          name.isEmpty()
              ? "a query needs a database, and none is recovered"
              : OsString.display(name) + " is no database that is recovered",
          "name another, or none for all of them");
    }
    return answers;
  }

  private static boolean isMeant(ServerDatabase it, String name) {
    return name.isEmpty()
        || name.equals(it.live())
        || it.from().equals(Optional.of(name))
        || name.equals(it.path());
  }

  /// Where the database of that name is now, if it is part of the replacement.
  private static Optional<String> path(Replacement it, String name) {
    if (name.isEmpty() || Paths.isWithin(it.live(), name)) {
      return Optional.of(name.isEmpty() ? it.live() : name);
    }
    return Paths.isWithin(it.from(), name)
        ? Optional.of(it.live() + name.substring(it.from().length()))
        : Optional.empty();
  }

  private Optional<String> ask(Replacement it, String path, String query) {
    if (it.kind() == Replacement.Kind.FOLDER && path.equals(it.live())) {
      return Optional.empty();
    }
    return recovery(it, path).map(recovery -> recovery.ask(path, query));
  }

  private Optional<DatabaseRecovery> recovery(Replacement it, String path) {
    try {
      for (DatabaseEngine engine : engines) {
        boolean fits =
            it.engine().isPresent()
                ? it.engine().get().equals(engine.name())
                : engine.recognizes(path);
        if (fits) {
          return engine.recovery();
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          OsString.display(path) + " cannot be read: " + Reason.of(e), "", e);
    }
  }
}
