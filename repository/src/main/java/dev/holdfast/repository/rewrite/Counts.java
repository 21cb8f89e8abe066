package dev.holdfast.repository.rewrite;

/// What a rewrite met in a directory and all below it.
///
/// @param keptFiles ordinary files that stay, of what was read
/// @param keptBytes their lengths
/// @param omittedFiles ordinary files that are left out, if they were to be counted
/// @param omittedBytes their lengths
public record Counts(long keptFiles, long keptBytes, long omittedFiles, long omittedBytes) {
  /// Nothing.
  public static final Counts NONE = new Counts(0, 0, 0, 0);

  Counts plus(Counts other) {
    return new Counts(
        keptFiles + other.keptFiles,
        keptBytes + other.keptBytes,
        omittedFiles + other.omittedFiles,
        omittedBytes + other.omittedBytes);
  }

  /// The same without one of the files that stay.
  public Counts without(long bytes) {
    return new Counts(keptFiles - 1, keptBytes - bytes, omittedFiles, omittedBytes);
  }

  Counts kept(long bytes) {
    return new Counts(keptFiles + 1, keptBytes + bytes, omittedFiles, omittedBytes);
  }

  Counts omitted(long bytes) {
    return new Counts(keptFiles, keptBytes, omittedFiles + 1, omittedBytes + bytes);
  }
}
