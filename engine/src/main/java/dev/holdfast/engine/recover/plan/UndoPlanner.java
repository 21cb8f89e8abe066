package dev.holdfast.engine.recover.plan;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Replacement.Action;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Plans the way back from a recovery that succeeded: its safety copies become live again, and what
/// is live now becomes a safety copy. Needs no repository.
public final class UndoPlanner {
  private final LiveFiles files;
  private final InstantSource clock;
  private final RandomGenerator random;

  public UndoPlanner(LiveFiles files, InstantSource clock, RandomGenerator random) {
    this.files = files;
    this.clock = clock;
    this.random = random;
  }

  /// The plan that undoes `plan`.
  ///
  /// @throws HoldfastException.NotFound if a safety copy is gone
  ///
  /// @param databases what is done with those of servers
  public Plan undo(Plan plan, List<ServerDatabase> databases) {
    Instant now = clock.instant();
    Names names = Names.of(now, random);
    List<Replacement> replacements = new ArrayList<>();
    for (Replacement done : plan.replacements()) {
      try {
        reverse(names, done, replacements.size()).ifPresent(replacements::add);
      } catch (IOException e) {
        throw new HoldfastException.InputOutput(
            OsString.display(done.live()) + " cannot be looked at: " + Reason.of(e), "", e);
      }
    }
    if (replacements.isEmpty() && databases.isEmpty()) {
      throw new HoldfastException.NotFound("there is nothing to undo in " + plan.id(), "");
    }
    return new Plan(
        names.id(),
        now,
        plan.subject(),
        plan.app(),
        plan.configuration(),
        Optional.empty(),
        Optional.of(plan.id()),
        replacements,
        databases,
        plan.service(),
        false);
  }

  /// Empty if nothing was there and nothing is.
  private Optional<Replacement> reverse(Names names, Replacement done, int number)
      throws IOException {
    long live = files.inode(done.live()).orElse(0);
    boolean hadSomething = done.action() != Action.CREATE;
    if (hadSomething && files.inode(done.safety()).isEmpty()) {
      throw new HoldfastException.NotFound(
          "the safety copy " + OsString.display(done.safety()) + " is gone",
          "recover the snapshot with the tag pre-restore that was made before that recovery");
    }
    if (!hadSomething && live == 0) {
      return Optional.empty();
    }
    String stageFolder = names.stageFolder(done.live(), number);
    return Optional.of(
        new Replacement(
            done.kind(),
            hadSomething ? (live == 0 ? Action.CREATE : Action.REPLACE) : Action.REMOVE,
            done.engine(),
            done.safety(),
            done.live(),
            stageFolder,
            stageFolder + done.live().substring(done.live().lastIndexOf('/')),
            names.safety(done.live()),
            done.suffixes(),
            live,
            0,
            List.of(),
            false,
            Optional.empty()));
  }
}
