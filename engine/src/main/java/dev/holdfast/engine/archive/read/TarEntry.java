package dev.holdfast.engine.archive.read;

import dev.holdfast.repository.format.ExtendedAttribute;
import java.util.List;

/// An entry of a tar archive.
///
/// @param name as it is, in the form of [dev.holdfast.posix.OsString]
/// @param mode the low twelve bits
/// @param linkTarget of a link, empty for everything else
public record TarEntry(
    String name,
    Kind kind,
    int mode,
    long uid,
    long gid,
    long sizeBytes,
    long modifiedSeconds,
    int modifiedNanos,
    String linkTarget,
    List<ExtendedAttribute> attributes) {
  public TarEntry {
    attributes = List.copyOf(attributes);
  }

  /// What it is.
  public enum Kind {
    FILE("a file"),
    FOLDER("a folder"),
    SYMBOLIC_LINK("a symbolic link"),
    HARD_LINK("a hard link"),
    CHARACTER_DEVICE("a device"),
    BLOCK_DEVICE("a device"),
    PIPE("a pipe"),
    OTHER("of a kind of its own");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// For messages.
    public String word() {
      return word;
    }
  }
}
