package dev.holdfast.engine.archive.read;

/// How much an archive may hold.
///
/// @param bytesMax of all of its content together
/// @param entriesMax how many files, folders and links
/// @param ratioMax what content may be, as a multiple of its archive, once there is more of it than
///   [#RATIO_FREE_BYTES]
public record Limits(long bytesMax, long entriesMax, long ratioMax) {
  /// Databases of mostly empty pages stay below that, bombs do not.
  private static final long RATIO_MAX = 400;

  static final long RATIO_FREE_BYTES = 256L << 20;

  /// A quarter of a tebibyte and five million files: more than the applications have that such
  /// archives are made of.
  public static final Limits DEFAULT = new Limits(256L << 30, 5_000_000, RATIO_MAX);

  public Limits {
    if (bytesMax <= 0 || entriesMax <= 0 || ratioMax <= 0) {
      throw new IllegalArgumentException(
          "limits of %d, %d and %d".formatted(bytesMax, entriesMax, ratioMax));
    }
  }

  /// So many bytes, which somebody named who knows what is in it: however well it is compressed, as
  /// a sparse file is.
  public static Limits of(long bytesMax) {
    return new Limits(bytesMax, DEFAULT.entriesMax, Long.MAX_VALUE);
  }
}
