package dev.holdfast.repository.prune;

import dev.holdfast.repository.error.HoldfastException.Rejected;

/// How much unused data may stay: to repack a pack for a few bytes costs more than they do.
public sealed interface MaxUnused {
  /// A share of what is left afterwards.
  ///
  /// @param percent from 0 to below 100
  record Share(double percent) implements MaxUnused {
    public Share {
      if (!(percent >= 0 && percent < 100)) {
        throw new Rejected(
            "a share of " + percent + "% is not possible", "give a share from 0% to below 100%");
      }
    }
  }

  /// A number of bytes.
  record Bytes(long bytes) implements MaxUnused {}

  /// Any amount: only packs that nothing needs at all are removed.
  record Unlimited() implements MaxUnused {}

  /// The number of unused bytes that may stay beside so many used ones.
  default long allowedBytes(long usedBytes) {
    return switch (this) {
      case Share share -> (long) (share.percent() / (100 - share.percent()) * usedBytes);
      case Bytes bytes -> bytes.bytes();
      case Unlimited unlimited -> Long.MAX_VALUE;
    };
  }
}
