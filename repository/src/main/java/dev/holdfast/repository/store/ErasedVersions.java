package dev.holdfast.repository.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What became of the older versions of objects.
///
/// @param removed how many are gone
/// @param kept those that the store protects
public record ErasedVersions(long removed, List<Kept> kept) {
  /// Where there are no versions.
  public static final ErasedVersions NONE = new ErasedVersions(0, List.of());

  /// A version that stays.
  ///
  /// @param path the name of its object in the repository
  /// @param since when it was written; long ago if the store does not say
  /// @param until when its protection ends; empty if the store does not say
  public record Kept(String path, Instant since, Optional<Instant> until) {}

  public ErasedVersions {
    kept = List.copyOf(kept);
  }
}
