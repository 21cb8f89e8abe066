package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.recover.SafetyCopies;
import dev.holdfast.engine.recover.SafetyCopies.Kept;
import dev.holdfast.engine.retention.Period;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Deletes safety copies: when somebody confirms that all is well, or when they are as old as the
/// configuration lets them become.
final class RecoverConfirm {
  /// What is typed to delete those of several recoveries.
  private static final String SEVERAL = "delete";

  private final Session session;

  RecoverConfirm(Session session) {
    this.session = session;
  }

  /// @param id the recovery, or an app for its last; the last one that has safety copies if neither
  ///   it nor an age is given
  /// @param olderThan those of every recovery that ended before
  int run(Optional<String> id, Optional<String> olderThan, boolean sure) {
    if (id.isPresent() && olderThan.isPresent()) {
      throw new HoldfastException.Rejected(
          "a recovery and --older-than were both given", "give one of them");
    }
    Optional<Instant> before =
        olderThan.map(text ->
            Period.parse("--older-than", text)
                .before(session.clock().instant().atOffset(java.time.ZoneOffset.UTC))
                .toInstant());
    SafetyCopies copies = OwnRecoveries.of(session).safetyCopies();
    List<Kept> wanted = wanted(copies.list(before), id, before.isPresent());
    if (wanted.isEmpty()) {
      say("there are no such safety copies");
      return ExitCode.DONE;
    }
    wanted.forEach(this::show);
    String name = wanted.size() == 1 ? wanted.getFirst().plan().subject() : SEVERAL;
    if (!sure && !Confirmation.given(session, name)) {
      new Failure(ExitCode.DECLINED, "declined: nothing was deleted", "")
          .print(session.console(), session.globals().json());
      return ExitCode.DECLINED;
    }
    wanted.forEach(kept -> delete(copies, kept));
    return ExitCode.DONE;
  }

  private List<Kept> wanted(List<Kept> all, Optional<String> id, boolean byAge) {
    if (byAge) {
      return all;
    }
    List<Kept> possible =
        all.reversed().stream()
            .filter(kept ->
                id.isEmpty()
                    || kept.plan().id().equals(id.get())
                    || kept.plan().subject().equals(id.get()))
            .toList();
    if (possible.isEmpty() && id.isPresent()) {
      throw new HoldfastException.NotFound(
          "recovery " + id.get() + " has no safety copies", "'holdfast recover status' shows them");
    }
    if (possible.isEmpty()) {
      return List.of();
    }
    return List.of(new SameNames(session).choose(possible, Kept::plan, id, "latest"));
  }

  private void show(Kept kept) {
    say(
        "recovery %s of %s, %s, left %s:"
            .formatted(
                kept.plan().id(),
                OsString.display(kept.plan().subject()),
                RecoverText.ago(kept.age(session.clock().instant())),
                RecoverText.size(kept)));
    kept.paths().forEach(path -> say("  " + OsString.display(path)));
    kept.databases()
        .forEach(database -> say("  the database '" + OsString.display(database.safety()) + "'"));
  }

  private void delete(SafetyCopies copies, Kept kept) {
    copies.delete(
        kept,
        database ->
            RecoverServers.access(session, Optional.empty())
                .dropAside(kept.plan().app(), database));
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("safety_copies_deleted")
                  .field("recovery", kept.plan().id())
                  .strings("paths", kept.paths())
                  .field("bytes", kept.bytes())
                  .end());
    } else {
      say("deleted the safety copies of recovery " + kept.plan().id());
    }
  }

  private void say(String line) {
    if (!session.globals().json() && !session.globals().quiet()) {
      session.console().line(line);
    }
  }

  /// Deletes those of an app that are as old as they become. What cannot be deleted is said, and
  /// keeps nothing else from being done.
  static void expire(Session session, App app) {
    Optional<Duration> limit = app.recovery().safetyCopiesExpire();
    if (limit.isEmpty() || !Files.isDirectory(OwnRecoveries.folder(session))) {
      return;
    }
    Instant before = session.clock().instant().minus(limit.get());
    RecoverConfirm confirm = new RecoverConfirm(session);
    try {
      SafetyCopies copies = OwnRecoveries.of(session).safetyCopies();
      for (Kept kept : copies.list(Optional.of(before))) {
        if (kept.plan().app().equals(Optional.of(app.name()))
            && !OwnRecoveries.isElsewhere(session, kept.plan())) {
          confirm.delete(copies, kept);
        }
      }
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      session.console().errorLine("warning: old safety copies stay: " + e.getMessage());
    }
  }
}
