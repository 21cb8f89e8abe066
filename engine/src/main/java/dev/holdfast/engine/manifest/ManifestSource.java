package dev.holdfast.engine.manifest;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// One source in a snapshot.
///
/// @param name as the configuration calls it; the path if nothing does
/// @param kind `sqlite`, `duckdb`, `postgres`, `files` and so on
/// @param path where it lies in the snapshot, in the form of [dev.holdfast.posix.OsString]
/// @param bindings what the names in its pattern stood for, such as `tenant` for `acme`
/// @param skew how far its instant is from the manifest's, never negative
/// @param bytes length of what is stored, with all companions
/// @param contentHash SHA-256 over the ids of its blobs in order, which are themselves SHA-256 of
///   their content; 64 hexadecimal digits. Empty for files
/// @param duration what storing it took, from its instant to its last byte
/// @param stateMark see [dev.holdfast.engine.source.DatabaseEngine#stateMark]
/// @param wasRead false if it had not changed since the snapshot before and was taken from there
/// @param facts what the source itself said; its instant is the source's
/// @param files empty for databases and dumps
public record ManifestSource(
    String name,
    String kind,
    String path,
    Map<String, String> bindings,
    Claim claim,
    Duration skew,
    long bytes,
    Optional<String> contentHash,
    Duration duration,
    Optional<String> stateMark,
    boolean wasRead,
    SourceFacts facts,
    Optional<FileCount> files) {
  public ManifestSource {
    bindings = Collections.unmodifiableMap(new TreeMap<>(bindings));
  }

  /// The files of a tree.
  ///
  /// @param files how many, databases not among them
  /// @param changedAfterInstant how many were written to after the databases' instant, so that they
  ///   may show something later
  /// @param changed the first [Manifest#NAMES_MAX] of those
  public record FileCount(long files, long changedAfterInstant, List<String> changed) {
    public FileCount {
      changed = List.copyOf(changed);
    }
  }

  /// The moment that it shows.
  public Instant instant() {
    return facts.instant();
  }

  /// Rows of all tables together; empty if none is known.
  public OptionalLong rows() {
    return facts.tables().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(facts.tables().stream().mapToLong(TableRows::rows).sum());
  }

  /// Whether every table was counted.
  public boolean rowsAreExact() {
    return facts.tables().stream().allMatch(TableRows::exact);
  }

  /// The same source at another place and under another name.
  public ManifestSource as(String newName, String newPath, Map<String, String> newBindings) {
    return new ManifestSource(
        newName,
        kind,
        newPath,
        newBindings,
        claim,
        skew,
        bytes,
        contentHash,
        duration,
        stateMark,
        wasRead,
        facts,
        files);
  }

  /// The same source with less in it.
  ManifestSource with(long newBytes, SourceFacts newFacts, Optional<FileCount> newFiles) {
    return new ManifestSource(
        name,
        kind,
        path,
        bindings,
        claim,
        skew,
        newBytes,
        contentHash,
        duration,
        stateMark,
        wasRead,
        newFacts,
        newFiles);
  }
}
