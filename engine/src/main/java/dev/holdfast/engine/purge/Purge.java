package dev.holdfast.engine.purge;

import dev.holdfast.engine.purge.Holdings.Holder;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.rewrite.Erasing;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.lock.RepositoryLock;
import dev.holdfast.repository.prune.PruneEvent;
import dev.holdfast.repository.prune.PruneOptions;
import dev.holdfast.repository.prune.PruneResult;
import dev.holdfast.repository.prune.Pruner;
import dev.holdfast.repository.record.RecordKind;
import dev.holdfast.repository.record.Records;
import dev.holdfast.repository.write.WriterOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Removes something from every snapshot and every pack of a repository.
///
/// *Order*: the ledger says first that it is erased, so that from then on nobody brings it back;
/// then the snapshots are written anew, then what no snapshot needs is pruned to the last byte,
/// then the ledger says that it is done. Every step can be done again: broken off at any moment,
/// the same purge finishes it. One thread at a time.
public final class Purge {
  private final Repository repository;
  private final Identity identity;
  private final WriterOptions options;
  private final PurgeObserver observer;
  private final Records records;

  /// @param options how trees are written; its gate watches the lock
  public Purge(
      Repository repository, Identity identity, WriterOptions options, PurgeObserver observer) {
    this.repository = repository;
    this.identity = identity;
    this.options = options;
    this.observer = observer;
    records = new Records(repository);
  }

  /// What came of it.
  ///
  /// @param snapshots how many held it
  /// @param removedBytes bytes of packs that are gone; those that were made in their place are not
  ///   taken off
  /// @param undeletedPacks packs that could not be deleted and may hold it still
  /// @param keptVersions what the store keeps of deleted objects, and until when
  public record Outcome(
      int snapshots, long removedBytes, long undeletedPacks, List<String> keptVersions) {
    public Outcome {
      keptVersions = List.copyOf(keptVersions);
    }

    /// Whether nothing of it is left in this repository.
    public boolean isWhole() {
      return undeletedPacks == 0 && keptVersions.isEmpty();
    }
  }

  /// Does it.
  ///
  /// @param lock held exclusively
  /// @param retryLock how long to wait for others
  /// @param by user and host
  public Outcome run(
      Optional<RepositoryLock> lock,
      Duration retryLock,
      Instant now,
      String by,
      RandomGenerator random) {
    Ledger ledger = Ledger.read(repository);
    List<Holder> holders = new Holdings(repository).find(identity);
    Erasure erasure = begin(ledger, holders, now, by, random);
    rewrite(holders);
    observer.pruning();
    PruneResult pruned = prune(lock, retryLock);
    Set<String> gone = new TreeSet<>(erasure.snapshots());
    holders.forEach(holder -> gone.add(holder.snapshot().id()));
    Outcome outcome =
        new Outcome(
            gone.size(), pruned.removedBytes(), pruned.undeletedPacks(), eraseOldVersions());
    if (outcome.isWhole() && !erasure.finished()) {
      finish(erasure, erasure.finish(new ArrayList<>(gone)));
    }
    return outcome;
  }

  /// Of what was deleted, and before; says what the store protects and keeps.
  private List<String> eraseOldVersions() {
    return repository.store().eraseOldVersions().kept().stream()
        .map(kept ->
            "the store protects an older version of %s%s"
                .formatted(kept.path(), kept.until().map(until -> " until " + until).orElse("")))
        .toList();
  }

  /// One that was broken off is gone on with; what was erased before and came back is erased anew.
  private Erasure begin(
      Ledger ledger, List<Holder> holders, Instant now, String by, RandomGenerator random) {
    Optional<Erasure> before =
        ledger.of(identity).filter(it -> !it.finished() || holders.isEmpty());
    Erasure erasure =
        before.orElseGet(() ->
            Erasure.begin(
                identity,
                now,
                by,
                holders.stream().map(holder -> holder.snapshot().id()).toList(),
                random));
    if (before.isEmpty()) {
      options.gate().check();
      records.save(RecordKind.PURGE, erasure.encode());
    }
    observer.recorded(erasure, before.isPresent());
    return erasure;
  }

  private void rewrite(List<Holder> holders) {
    Map<Set<String>, List<SnapshotView>> alike = new LinkedHashMap<>();
    for (Holder holder : holders) {
      alike.computeIfAbsent(holder.paths(), _ -> new ArrayList<>()).add(holder.snapshot());
    }
    alike.forEach((paths, snapshots) ->
        new Erasing(repository, new PathOmission(paths), tells(), options)
            .run(snapshots, observer::rewritten));
  }

  /// Whether a sentence names it.
  private Predicate<String> tells() {
    return switch (identity) {
      case Identity.Path path -> sentence -> sentence.contains(path.path());
      case Identity.Tenant tenant ->
          Pattern.compile(
                  "(?<![\\p{L}\\p{N}])" + Pattern.quote(tenant.name()) + "(?![\\p{L}\\p{N}])")
              .asPredicate();
    };
  }

  private PruneResult prune(Optional<RepositoryLock> lock, Duration retryLock) {
    repository.useIndex(null);
    Pruner pruner =
        new Pruner(
            repository, lock, retryLock, PruneOptions.TO_THE_LAST_BYTE, options, this::notice);
    pruner.plan(Set.of());
    return pruner.execute();
  }

  private void notice(PruneEvent event) {
    if (event instanceof PruneEvent.Notice(String text)) {
      observer.notice(text);
    }
  }

  /// The new record is there before the old one goes.
  private void finish(Erasure begun, Erasure done) {
    options.gate().check();
    records.save(RecordKind.PURGE, done.encode());
    for (Ledger.Entry entry : Ledger.read(repository).entries()) {
      if (entry.erasure().equals(begun)) {
        records.delete(entry.record().id());
      }
    }
  }
}
