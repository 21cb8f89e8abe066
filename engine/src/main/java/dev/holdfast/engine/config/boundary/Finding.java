package dev.holdfast.engine.config.boundary;

import dev.holdfast.posix.OsString;

/// Something about an app's boundary that whoever reads the report should know.
///
/// @param severity what it means for a backup
/// @param source the name of the source it is about
/// @param path what it is about, absolute
/// @param message what is so, to be read after the path
public record Finding(Severity severity, String source, String path, String message) {
  /// What a finding means for a backup.
  public enum Severity {
    /// The source cannot be backed up as it is written: it has failed.
    FAILURE,
    /// The source is backed up without what the finding is about.
    WARNING
  }

  /// One line without a stop.
  @Override
  public String toString() {
    return "source '%s': %s %s".formatted(source, OsString.display(path), message);
  }
}
