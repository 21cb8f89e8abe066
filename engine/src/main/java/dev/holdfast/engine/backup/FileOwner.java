package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.SourceFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Counts the ordinary files of one source. Thread-safe.
final class FileOwner {
  private final BackupSubject.Label label;
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder changed = new LongAdder();
  private final List<String> names = new ArrayList<>();
  private volatile boolean isFolder;

  FileOwner(BackupSubject.Label label) {
    this.label = label;
  }

  /// @param isLater whether it was written to after the databases' instant
  void add(String path, long sizeBytes, boolean isLater) {
    files.increment();
    bytes.add(sizeBytes);
    if (isLater) {
      changed.increment();
      synchronized (names) {
        if (names.size() < Manifest.NAMES_MAX) {
          names.add(path);
        }
      }
    }
  }

  /// It is a folder, which is stored even if nothing in it is counted here: because it is empty, or
  /// all that is in it belongs to databases or to other sources. It is told of then if it is a
  /// source of an app.
  void folder() {
    isFolder = label.isNamed();
  }

  /// Whether it is to be told of.
  boolean isThere() {
    return isFolder || files.sum() > 0;
  }

  ManifestSource source(Instant instant, Instant end) {
    List<String> later;
    synchronized (names) {
      later = names.stream().sorted().toList();
    }
    return new ManifestSource(
        label.name(),
        "files",
        label.path(),
        label.bindings(),
        Claim.FUZZY,
        Duration.ZERO,
        bytes.sum(),
        Optional.empty(),
        Duration.between(instant, end),
        Optional.empty(),
        true,
        new SourceFacts("", instant, List.of(), Optional.empty(), Map.of(), List.of()),
        Optional.of(new ManifestSource.FileCount(files.sum(), changed.sum(), later)));
  }
}
