package dev.holdfast.repository.restore;

import java.util.Optional;
import java.util.Set;

/// Decides which entries of a snapshot are restored. Called from one thread, in tree order.
@FunctionalInterface
public interface Selection {
  /// Everything.
  Selection ALL = (path, directory) -> Choice.TAKE;

  /// Called once for each entry, before anything is done with it.
  ///
  /// @param path the entry's path inside the restored tree, from `/`
  /// @param directory whether it is a directory
  Choice choose(String path, boolean directory);

  /// The names in the root of which something may be chosen, if they are known: a folder with
  /// thousands of files is then not gone through for one of them. The others are not asked for.
  default Optional<Set<String>> top() {
    return Optional.empty();
  }

  /// Entries of the root, with everything in them.
  static Selection only(Set<String> names) {
    Set<String> chosen = Set.copyOf(names);
    return new Selection() {
      @Override
      public Choice choose(String path, boolean directory) {
        int end = path.indexOf('/', 1);
        return chosen.contains(path.substring(1, end < 0 ? path.length() : end))
            ? Choice.TAKE
            : Choice.SKIP;
      }

      @Override
      public Optional<Set<String>> top() {
        return Optional.of(chosen);
      }
    };
  }

  /// What to do with an entry.
  ///
  /// @param restore whether the entry itself is restored
  /// @param descend of a directory: whether something inside may be restored
  record Choice(boolean restore, boolean descend) {
    /// The entry and what is inside.
    public static final Choice TAKE = new Choice(true, true);

    /// Neither the entry nor what is inside.
    public static final Choice SKIP = new Choice(false, false);

    /// What is inside may be restored; the directory only if something is.
    public static final Choice DESCEND = new Choice(false, true);
  }
}
