package dev.holdfast.repository.rewrite;

/// Which entries of a snapshot a rewrite leaves out. Paths begin at `/`, the root of the snapshot.
/// The answers depend on the paths alone.
public interface Omission {
  /// Whether the entry is left out, with everything in it.
  boolean omits(String path);

  /// Whether anything below a directory that stays could be left out; false lets it stay unread.
  boolean reaches(String directory);

  /// Whether a directory goes that is empty because of what was left out of it.
  boolean dropsEmptied();
}
