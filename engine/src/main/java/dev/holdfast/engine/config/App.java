package dev.holdfast.engine.config;

import dev.holdfast.engine.config.proof.Proof;
import dev.holdfast.engine.config.recovery.RecoverySettings;
import java.util.List;
import java.util.Optional;

/// A named set of sources that are backed up together: what a person thinks of as "my application".
///
/// @param repository the name of a repository of the configuration; empty: the only one
/// @param root an absolute, clean folder that relative paths of sources lie under, and in which
///   everything is meant to belong to a source or to an exclude; empty if there is none
/// @param sources in the order of the file, at least one
/// @param excludes patterns with restic's meaning, for all sources; nothing that they match is
///   missed either
/// @param tags of every snapshot
public record App(
    String name,
    Optional<String> repository,
    Optional<String> root,
    List<AppSource> sources,
    List<String> excludes,
    List<String> tags,
    OnError onError,
    NewerDuckDb newerDuckDb,
    Hooks hooks,
    Proof proof,
    Keep keep,
    RecoverySettings recovery) {
  public App {
    sources = List.copyOf(sources);
    excludes = List.copyOf(excludes);
    tags = List.copyOf(tags);
  }

  /// An app of which nothing but the name is known.
  public static App named(String name) {
    return of(name, Optional.empty(), List.of());
  }

  /// An app without settings of its own.
  public static App of(String name, Optional<String> root, List<AppSource> sources) {
    return new App(
        name,
        Optional.empty(),
        root,
        sources,
        List.of(),
        List.of(),
        OnError.FAIL,
        NewerDuckDb.REFUSE,
        Hooks.NONE,
        Proof.NONE,
        Keep.UNSAID,
        RecoverySettings.NONE);
  }

  /// What becomes of a backup of which a source failed.
  public enum OnError {
    /// Nothing is stored.
    FAIL,
    /// The rest is stored, marked as partial.
    PARTIAL
  }

  /// What becomes of a DuckDB file that is newer than the driver that would check its image.
  public enum NewerDuckDb {
    /// The source fails.
    REFUSE,
    /// The image is stored without having been opened, marked as unverified.
    UNVERIFIED
  }
}
