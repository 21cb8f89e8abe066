package dev.holdfast.engine.rewrite;

import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is to become of the tags of snapshots, with restic's meaning, the order of the result
/// included.
///
/// @param set the new tags; empty if tags are added and removed
/// @param add appended unless there
/// @param remove taken away after that; the last tag takes the place of one that goes
public record TagChange(List<String> set, List<String> add, List<String> remove) {
  public TagChange {
    set = List.copyOf(set);
    add = List.copyOf(add);
    remove = List.copyOf(remove);
  }

  /// Reads the lists of tags, separated by commas, that options gave. As in restic, empty tags do
  /// not count, so that setting the empty tag changes nothing.
  ///
  /// @throws HoldfastException.Rejected if nothing was given, or too much
  public static TagChange parse(List<String> set, List<String> add, List<String> remove) {
    if (set.isEmpty() && add.isEmpty() && remove.isEmpty()) {
      throw new HoldfastException.Rejected(
          "nothing was said about the tags", "use --set, or --add and --remove");
    }
    if (!set.isEmpty() && !(add.isEmpty() && remove.isEmpty())) {
      throw new HoldfastException.Rejected(
          "--set cannot be given together with --add or --remove", "use the one or the others");
    }
    return new TagChange(tags(set), tags(add), tags(remove));
  }

  private static List<String> tags(List<String> lists) {
    return lists.stream()
        .flatMap(list -> Arrays.stream(list.split(",", -1)))
        .map(String::strip)
        .filter(tag -> !tag.isEmpty())
        .toList();
  }

  /// The new tags of a snapshot that has `present`; empty if nothing was done to them. As in
  /// restic, what was added and taken away again, or set to what it was, is something done.
  Optional<List<String>> apply(List<String> present) {
    if (!set.isEmpty()) {
      return Optional.of(set);
    }
    List<String> tags = new ArrayList<>(present);
    boolean changed = false;
    for (String tag : add) {
      if (!tags.contains(tag)) {
        changed = tags.add(tag);
      }
    }
    for (String tag : remove) {
      int at = tags.indexOf(tag);
      if (at >= 0) {
        tags.set(at, tags.getLast());
        tags.removeLast();
        changed = true;
      }
    }
    return changed ? Optional.of(tags) : Optional.empty();
  }
}
