package dev.holdfast.repository.maintenance;

/// How bad a finding is.
public enum Severity {
  /// Something that was backed up cannot be had back, or may not be.
  ERROR,
  /// Untidy but harmless: everything that was backed up is there.
  HINT
}
