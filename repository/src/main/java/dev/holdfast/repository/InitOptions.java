package dev.holdfast.repository;

import dev.holdfast.repository.format.RepositoryConfig;
import dev.holdfast.repository.key.KeyringOptions;
import java.util.OptionalLong;

/// How a repository is created.
///
/// @param version of the format: 1 or 2
/// @param chunkerPolynomial that of another repository, so that copies share blobs; random if empty
/// @param keys what its first key looks like
public record InitOptions(int version, OptionalLong chunkerPolynomial, KeyringOptions keys) {
  /// The newest version, with a polynomial of its own.
  public static InitOptions of(KeyringOptions keys) {
    return new InitOptions(RepositoryConfig.MAX_VERSION, OptionalLong.empty(), keys);
  }

  public InitOptions withVersion(int value) {
    return new InitOptions(value, chunkerPolynomial, keys);
  }
}
