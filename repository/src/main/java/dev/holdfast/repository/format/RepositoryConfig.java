package dev.holdfast.repository.format;

import dev.holdfast.repository.error.HoldfastException.Unsupported;

/// The config file: what is fixed for a repository's whole life (format sheet, section 3).
///
/// @param version 1 or 2
/// @param id random, names the repository
/// @param chunkerPolynomial the bits of the irreducible polynomial that content is cut with
public record RepositoryConfig(int version, Hash id, long chunkerPolynomial) {
  /// The oldest version that is read and written.
  public static final int MIN_VERSION = 1;

  /// The newest version that is read and written; new repositories have it. Brings compression.
  public static final int MAX_VERSION = 2;

  public RepositoryConfig {
    if (version < MIN_VERSION || version > MAX_VERSION) {
      throw new Unsupported(
          "repository has format version " + version,
          "versions " + MIN_VERSION + " and " + MAX_VERSION + " are supported");
    }
  }

  /// Whether blobs and unpacked files may be compressed.
  public boolean compresses() {
    return version >= 2;
  }
}
