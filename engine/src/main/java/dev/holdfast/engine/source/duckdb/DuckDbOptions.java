package dev.holdfast.engine.source.duckdb;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How DuckDB files are backed up.
///
/// @param unverifiable what to do with files that cannot be opened here to be checked
/// @param rounds how often what changed is copied again, after everything was copied once, before a
///   busy database is given up
/// @param patience how long that may take, besides the time to copy everything once
/// @param scratchDirectories where the copy may be kept, without a name, while it is read, after
///   the directory of the database itself; the first with enough space is taken, and temporary
///   links are made in the first
/// @param libraryDirectory where DuckDB's native library is kept once it was unpacked; each process
///   unpacks its own if there is none, or if it cannot be trusted
public record DuckDbOptions(
    Unverifiable unverifiable,
    int rounds,
    Duration patience,
    List<String> scratchDirectories,
    Optional<String> libraryDirectory) {
  /// What becomes of a file that cannot be checked because it is encrypted, or written by a newer
  /// DuckDB.
  public enum Unverifiable {
    /// It fails, with the reason.
    REFUSE,
    /// It is stored, once it was seen to stand still, with a warning.
    STORE
  }

  public DuckDbOptions {
    if (rounds < 0) {
      throw new IllegalArgumentException(rounds + " rounds");
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience of " + patience);
    }
    scratchDirectories = List.copyOf(scratchDirectories);
    if (scratchDirectories.isEmpty()) {
      throw new IllegalArgumentException("no scratch directory");
    }
  }

  /// Refuses what cannot be checked; 100 rounds and 30 seconds, which only a writer that rewrites
  /// its blocks faster than they can be copied uses up.
  public static DuckDbOptions defaults() {
    return new DuckDbOptions(
        Unverifiable.REFUSE,
        100,
        Duration.ofSeconds(30),
        List.of(System.getProperty("java.io.tmpdir", "/tmp")),
        Optional.empty());
  }

  public DuckDbOptions withUnverifiable(Unverifiable choice) {
    return new DuckDbOptions(choice, rounds, patience, scratchDirectories, libraryDirectory);
  }

  public DuckDbOptions withBound(int newRounds, Duration newPatience) {
    return new DuckDbOptions(
        unverifiable, newRounds, newPatience, scratchDirectories, libraryDirectory);
  }

  public DuckDbOptions withLibraryDirectory(String directory) {
    return new DuckDbOptions(
        unverifiable, rounds, patience, scratchDirectories, Optional.of(directory));
  }
}
