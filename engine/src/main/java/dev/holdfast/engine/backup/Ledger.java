package dev.holdfast.engine.backup;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.repository.format.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Collects what the manifest will say. Thread-safe.
final class Ledger {
  /// The clock that files are stamped with ticks this seldom.
  private static final Duration TICK = Duration.ofMillis(10);

  private final BackupSubject subject;
  private final Map<String, FileOwner> owners = new ConcurrentHashMap<>();
  private final Map<String, BackupSubject.Label> labels = new ConcurrentHashMap<>();
  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final Map<String, String> failed = new ConcurrentHashMap<>();
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable SharedInstant> instant = new AtomicReference<>();
  private final Instant start;

  /// Something that is stored, and the moment that it shows.
  private record Entry(ManifestSource source, SharedInstant shown) {}

  /// @param start when the backup began
  Ledger(BackupSubject subject, Instant start) {
    this.subject = subject;
    this.start = start;
    for (BackupSubject.Label label : subject.labels()) {
      labels.put(label.path(), label);
      owners.put(label.path(), new FileOwner(label));
    }
  }

  /// The databases show this moment, unless one before was told.
  void instant(SharedInstant value) {
    instant.compareAndSet(null, value);
  }

  Instant instant() {
    SharedInstant known = instant.get();
    return known == null ? start : known.instant();
  }

  /// Whom the files at a path of the snapshot belong to.
  ///
  /// @param inherited whom its directory belongs to
  /// @param isTarget whether the path was named as a target
  @Nullable FileOwner owner(String path, @Nullable FileOwner inherited, boolean isTarget) {
    if (isTarget) {
      return owners.computeIfAbsent(
          path, _ -> new FileOwner(new BackupSubject.Label(path, path, Map.of())));
    }
    FileOwner own = owners.isEmpty() ? null : owners.get(path);
    return own == null ? inherited : own;
  }

  /// A folder is stored. One that is a source of an app is told of also if no file is in it: a
  /// recovery asks what there was.
  void folder(String path) {
    FileOwner own = owners.get(path);
    if (own != null) {
      own.folder();
    }
  }

  /// An ordinary file is stored.
  void file(@Nullable FileOwner owner, String path, Node node) {
    FileOwner counted =
        owner != null
            ? owner
            : owners.computeIfAbsent(
                "/", _ -> new FileOwner(new BackupSubject.Label("/", "/", Map.of())));
    Instant after = instant().minus(TICK);
    counted.add(
        path,
        node.sizeBytes(),
        node.modificationTime().toInstant().isAfter(after)
            || node.changeTime().toInstant().isAfter(after));
  }

  /// A database is stored at a path of the snapshot.
  void database(String path, StoredDatabase state) {
    BackupSubject.Label label = label(path);
    entries.add(new Entry(state.source().as(label.name(), path, label.bindings()), state.shown()));
  }

  /// A dump is stored.
  void stream(ManifestSource source, SharedInstant shown) {
    BackupSubject.Label label = label(source.path());
    entries.add(new Entry(source.as(label.name(), source.path(), label.bindings()), shown));
  }

  private BackupSubject.Label label(String path) {
    for (String at = path; !at.equals("/") && !at.equals("."); at = UnixPath.parent(at)) {
      BackupSubject.Label label = labels.get(at);
      if (label != null) {
        return label;
      }
    }
    return new BackupSubject.Label(path, path, Map.of());
  }

  /// Whether there is an image that nobody could open to see whether it is whole.
  boolean holdsUnverified() {
    return entries.stream()
        .anyMatch(entry -> entry.source().facts().properties().containsKey(SourceFacts.UNVERIFIED));
  }

  void failed(String path, String reason) {
    failed.putIfAbsent(path, reason);
  }

  boolean hasFailures() {
    return !failed.isEmpty();
  }

  Collection<String> failures() {
    return failed.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .sorted()
        .toList();
  }

  void warning(String sentence) {
    if (warnings.size() < Manifest.NAMES_MAX) {
      warnings.add(sentence);
    }
  }

  /// The manifest, if the snapshot is to have one. When everything is stored.
  Optional<Manifest> manifest(BackupOptions.Origin origin, Instant end) {
    if (subject.app().isEmpty() && entries.isEmpty()) {
      return Optional.empty();
    }
    Instant reference = instant();
    List<ManifestSource> sources = new ArrayList<>();
    entries.forEach(entry -> sources.add(at(entry.source(), entry.shown().instant(), reference)));
    owners.values().stream()
        .filter(FileOwner::isThere)
        .forEach(owner -> sources.add(owner.source(reference, end)));
    sources.sort(Comparator.comparing(ManifestSource::path).thenComparing(ManifestSource::kind));
    return Optional.of(
        new Manifest(
            origin.programVersion(),
            subject.app(),
            subject.run(),
            origin.hostname(),
            start,
            reference,
            end,
            sources,
            failed.entrySet().stream()
                .map(entry -> new Manifest.FailedSource(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Manifest.FailedSource::path))
                .toList(),
            subject.outside().stream().limit(Manifest.NAMES_MAX).toList(),
            List.copyOf(warnings)));
  }

  private static ManifestSource at(ManifestSource source, Instant shown, Instant reference) {
    SourceFacts facts = source.facts();
    return new ManifestSource(
        source.name(),
        source.kind(),
        source.path(),
        source.bindings(),
        source.claim(),
        Duration.between(reference, shown).abs(),
        source.bytes(),
        source.contentHash(),
        source.duration(),
        source.stateMark(),
        source.wasRead(),
        new SourceFacts(
            facts.engineVersion(),
            shown,
            facts.tables(),
            facts.schemaFingerprint(),
            facts.properties(),
            facts.warnings()),
        source.files());
  }
}
