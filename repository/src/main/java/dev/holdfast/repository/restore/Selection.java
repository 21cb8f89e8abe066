package dev.holdfast.repository.restore;

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
