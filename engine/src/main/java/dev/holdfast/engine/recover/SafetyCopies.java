package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.DiskUse;
import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.journal.Journal;
import dev.holdfast.engine.recover.journal.JournalFolder;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replaced;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What recoveries put aside and nobody has deleted yet. They are deleted when all is confirmed to
/// be well, or when they are old; from then on there is no undo. The journal says so before the
/// first is gone and after the last, so that what was begun can be finished, and is never taken for
/// a way back.
public final class SafetyCopies {
  private final JournalFolder journals;
  private final LiveFiles files;
  private @Nullable Set<String> undone;

  SafetyCopies(JournalFolder journals, LiveFiles files) {
    this.journals = journals;
    this.files = files;
  }

  /// What one recovery put aside.
  ///
  /// @param paths of the copies that are still there
  /// @param databases of servers that were put aside; whether they are there, only the server knows
  /// @param bytes that the paths take up
  /// @param since when the recovery ended
  public record Kept(
      Plan plan, List<String> paths, List<ServerDatabase> databases, long bytes, Instant since) {
    public Kept {
      paths = List.copyOf(paths);
      databases = List.copyOf(databases);
    }

    public Duration age(Instant now) {
      return Duration.between(since, now);
    }
  }

  /// Drops databases that were put aside on servers.
  @FunctionalInterface
  public interface ServerCopies {
    /// Drops it; fine if it is gone.
    ///
    /// @throws HoldfastException if that cannot be done
    void drop(ServerDatabase database);
  }

  /// Those of all recoveries, oldest first; of those that ended before `time` only, if it is given.
  public List<Kept> list(Optional<Instant> time) {
    return journals.list().stream()
        .flatMap(listed -> kept(listed.journal()).stream())
        .filter(kept -> time.map(limit -> !kept.since().isAfter(limit)).orElse(true))
        .toList();
  }

  /// Those of one recovery; empty if it has none any more, or did not succeed.
  public Optional<Kept> kept(Journal journal) {
    if (!journal.ending().equals(Optional.of(Ending.RECOVERED))
        || journal.confirmation() == Journal.Confirmation.DONE
        || undone().contains(journal.plan().id())) {
      return Optional.empty();
    }
    List<String> paths = new ArrayList<>();
    List<ServerDatabase> databases = new ArrayList<>();
    for (Replaced it : journal.plan().replaced()) {
      switch (it) {
        case Replacement file -> paths.addAll(present(file));
        case ServerDatabase database -> {
          if (it.hadSomething() && database.way() == ServerDatabase.Way.BESIDE) {
            databases.add(database); // one replaced in place has the restore point only
          }
        }
      }
    }
    if (paths.isEmpty() && databases.isEmpty()) {
      return Optional.empty();
    }
    long bytes = paths.stream().mapToLong(DiskUse::bytes).sum();
    Instant since = journal.endedAt().orElse(journal.plan().made());
    return Optional.of(new Kept(journal.plan(), paths, databases, bytes, since));
  }

  /// The recoveries whose safety copies an undo has put back. Of files that can be seen; of
  /// databases only the server knows.
  private Set<String> undone() {
    Set<String> known = undone;
    if (known == null) {
      // Whoever deletes any has read all journals before, or was stopped by one.
      known =
          journals.list(_ -> {}).stream()
              .map(JournalFolder.Listed::journal)
              .filter(journal -> journal.ending().equals(Optional.of(Ending.RECOVERED)))
              .flatMap(journal -> journal.plan().undoes().stream())
              .collect(Collectors.toSet());
      undone = known;
    }
    return known;
  }

  /// The files beside a database first: without it they are nothing that anybody would open. They
  /// may be all there was: logs of a database that was gone.
  private List<String> present(Replacement it) {
    List<String> present = new ArrayList<>();
    List<String> suffixes = new ArrayList<>(it.suffixes());
    if (it.hadSomething()) {
      suffixes.add("");
    }
    for (String suffix : suffixes) {
      if (inode(it.safety() + suffix).isPresent()) {
        present.add(it.safety() + suffix);
      }
    }
    return present;
  }

  /// Deletes what a recovery put aside. Can be called again after a crash, and goes on then.
  ///
  /// @throws HoldfastException.Locked if somebody recovers the same paths, or was interrupted
  /// @throws HoldfastException.Rejected if something else is where a copy was; nothing is deleted
  public void delete(Kept kept, ServerCopies servers) {
    journals.refuseBusy(kept.plan().claims());
    try (JournalFolder.Held held = journals.take(kept.plan().id())) {
      kept.plan().replacements().forEach(this::refuseOther);
      held.journal().confirming();
      kept.plan().replacements().forEach(this::delete);
      sync(kept.plan().replacements());
      kept.databases().forEach(servers::drop);
      held.journal().confirmed();
    }
  }

  private void refuseOther(Replacement it) {
    OptionalLong there = inode(it.safety());
    if (it.hadSomething() && there.isPresent() && there.getAsLong() != it.liveInode()) {
      throw new HoldfastException.Rejected(
          OsString.display(it.safety()) + " is not what the recovery put there",
          "move it out of the way if it is wanted, or delete it by hand");
    }
  }

  private void delete(Replacement it) {
    try {
      for (String path : present(it)) {
        files.removeTree(path);
      }
    } catch (IOException e) {
      throw failed(it.safety(), e);
    }
  }

  private void sync(List<Replacement> all) {
    Set<String> folders = all.stream().map(Replacement::folder).collect(Collectors.toSet());
    try {
      files.sync(folders);
    } catch (IOException e) {
      throw failed(all.getFirst().safety(), e);
    }
  }

  private OptionalLong inode(String path) {
    try {
      return files.inode(path);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static HoldfastException failed(String path, IOException e) {
    return new HoldfastException.InputOutput(
        "the safety copy %s cannot be deleted: %s".formatted(OsString.display(path), Reason.of(e)),
        "run it as a user who may write to the folder that it lies in",
        e);
  }
}
