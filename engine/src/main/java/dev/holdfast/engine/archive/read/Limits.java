package dev.holdfast.engine.archive.read;

/// How much an archive may hold.
///
/// @param bytesMax of all of its content together
/// @param entriesMax how many files, folders and links
public record Limits(long bytesMax, long entriesMax) {
  /// A quarter of a tebibyte and five million files: more than the applications have that such
  /// archives are made of.
  public static final Limits DEFAULT = new Limits(256L << 30, 5_000_000);

  /// What content may be, as a multiple of its archive, once there is more of it than
  /// [#RATIO_FREE_BYTES]: databases of mostly empty pages stay below that, bombs do not.
  static final long RATIO_MAX = 400;

  static final long RATIO_FREE_BYTES = 256L << 20;

  public Limits {
    if (bytesMax <= 0 || entriesMax <= 0) {
      throw new IllegalArgumentException("limits of %d and %d".formatted(bytesMax, entriesMax));
    }
  }
}
