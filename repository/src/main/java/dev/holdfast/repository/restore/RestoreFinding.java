package dev.holdfast.repository.restore;

/// Something that a restore could not do as it should.
///
/// @param path of the entry inside the restored tree, from `/`
/// @param message what is wrong, without the path
public record RestoreFinding(Severity severity, String path, String message) {
  /// How bad it is.
  public enum Severity {
    /// Content is missing or wrong: the restore is not complete.
    ERROR,
    /// The content is there; something about it is not as it was.
    WARNING
  }
}
