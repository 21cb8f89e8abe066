package dev.holdfast.repository.chunk;

/// How long the chunks are that a [GearCutter] makes.
///
/// @param minBytes no chunk but the last of a file is shorter
/// @param searchBits behind the shortest chunk, an end is found after `1 << searchBits` bytes on
///   average
/// @param maxBytes no chunk is longer
public record ChunkSizes(int minBytes, int searchBits, int maxBytes) {
  /// More would make the mean longer than any chunk may be.
  private static final int MAX_SEARCH_BITS = 22;

  public ChunkSizes {
    if (minBytes < GearCutter.WINDOW_BYTES || maxBytes > RabinCutter.MAX_BYTES) {
      throw new IllegalArgumentException("chunks of " + minBytes + " to " + maxBytes + " bytes");
    }
    if (searchBits < 0 || searchBits > MAX_SEARCH_BITS) {
      throw new IllegalArgumentException("chunks that end at one place in 2^" + searchBits);
    }
    if (meanBytes(minBytes, searchBits) > maxBytes) {
      throw new IllegalArgumentException(
          "chunks of " + maxBytes + " bytes at most that are longer on average");
    }
  }

  /// About how long a chunk is.
  public int meanBytes() {
    return Math.toIntExact(meanBytes(minBytes, searchBits));
  }

  private static long meanBytes(long minBytes, int searchBits) {
    return minBytes + (1L << searchBits);
  }
}
