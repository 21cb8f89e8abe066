package dev.holdfast.engine.config;

import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.repository.store.StoreAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// A repository of the configuration.
///
/// @param location as `--repo` takes it; a relative folder was made absolute. May hold a password
/// @param password where its password is; empty if that is left to options and environment
/// @param compression a word of `--compression`
/// @param packSizeMib as `--pack-size` takes it
/// @param keep what is kept here of the snapshots of apps that do not say it themselves
public record RepositorySettings(
    String name,
    String location,
    Optional<Secret> password,
    Optional<String> compression,
    OptionalInt packSizeMib,
    Optional<RetentionPolicy> keep) {
  /// The location as it may be shown: without a name and a password.
  public String shown() {
    return StoreAddress.shown(location);
  }
}
