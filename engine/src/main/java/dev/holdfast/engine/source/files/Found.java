package dev.holdfast.engine.source.files;

import dev.holdfast.posix.FileStat;

/// Something the walk found, as it was a moment ago.
///
/// @param directory where it lies; to be retained by whoever uses it after the visit
/// @param name its name in that directory
/// @param nodeName its name in the snapshot, which differs only where two targets have one name
/// @param stat what it was when it was found
/// @param isExplicit whether it was named as a target itself
public record Found(
    OpenDirectory directory, String name, String nodeName, FileStat stat, boolean isExplicit) {
  /// The path it was found by.
  public String path() {
    return directory.pathOf(name);
  }
}
