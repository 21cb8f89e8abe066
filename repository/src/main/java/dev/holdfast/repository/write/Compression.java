package dev.holdfast.repository.write;

/// How hard data blobs are compressed. Trees and small files are always compressed in version 2 of
/// the format, nothing is in version 1 (format sheet, section 5).
public enum Compression {
  /// Not at all.
  OFF,
  /// As much as costs little.
  AUTO,
  /// As much as there is.
  MAX
}
