package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Lets many replacers change names, each one change after the other: one turn of each, a sync of
/// what all of them changed, the next turn of those that are not through. So there is a sync
/// between two changes that depend on each other (`docs/decisions/013`), and thousands take as many
/// syncs as one does.
final class Rounds {
  /// Four turns are the most that a swap or its reversal takes if nobody else changes the names.
  static final int MAX = 64;

  private final LiveFiles files;
  private final List<Replacer> replacers;

  Rounds(LiveFiles files, List<Replacer> replacers) {
    this.files = files;
    this.replacers = List.copyOf(replacers);
  }

  /// What a replacer does in its turn.
  @FunctionalInterface
  interface Turn {
    /// Takes it; returns whether it changed names, and another turn is needed.
    boolean take(int number);
  }

  /// @param numbers of the replacers that take part, in the order of their turns
  void run(List<Integer> numbers, Turn turn) {
    List<Integer> left = numbers;
    for (int round = 0; !left.isEmpty(); round++) {
      if (round == MAX) {
        throw new HoldfastException.Rejected(
            "names in %s are changed by somebody else all the time"
                .formatted(
                    OsString.display(replacers.get(left.getFirst()).folders().iterator().next())),
            "stop whatever uses it");
      }
      left = round(left, turn);
    }
  }

  private List<Integer> round(List<Integer> numbers, Turn turn) {
    List<Integer> changed = new ArrayList<>();
    try {
      for (int number : numbers) {
        if (turn.take(number)) {
          changed.add(number);
        }
      }
    } catch (HoldfastException e) {
      syncAfter(e, numbers);
      throw e;
    }
    sync(changed);
    return changed;
  }

  /// What is changed back after a failure must find certain what was changed before.
  private void syncAfter(HoldfastException failure, List<Integer> numbers) {
    try {
      sync(numbers);
    } catch (HoldfastException e) {
      failure.addSuppressed(e);
    }
  }

  /// Makes certain what these have changed, or what a killed process has.
  void sync(List<Integer> numbers) {
    Set<String> folders = new TreeSet<>();
    numbers.forEach(number -> folders.addAll(replacers.get(number).folders()));
    sync(files, folders);
  }

  /// Makes certain what all have staged.
  void syncStaged() {
    Set<String> paths = new TreeSet<>();
    for (Replacer replacer : replacers) {
      paths.addAll(replacer.stagedFiles());
      paths.addAll(replacer.folders());
    }
    sync(files, paths);
  }

  private static void sync(LiveFiles files, Set<String> paths) {
    if (paths.isEmpty()) {
      return;
    }
    try {
      files.sync(paths);
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "what was written near %s cannot be made durable: %s"
              .formatted(OsString.display(paths.iterator().next()), Reason.of(e)),
          "see whether that file system is well",
          e);
    }
  }
}
