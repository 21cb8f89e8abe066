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
import dev.holdfast.repository.store.ErasedVersions.Kept;
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
  /// The clocks of a store and of this machine: S3 takes no request from one further off.
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(15);

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
  /// @param keptVersions what the store keeps of deleted objects that may hold it
  public record Outcome(
      int snapshots, long removedBytes, long undeletedPacks, List<Kept> keptVersions) {
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
            gone.size(),
            pruned.removedBytes(),
            pruned.undeletedPacks(),
            eraseOldVersions(erasure.time()));
    if (outcome.isWhole() && !erasure.finished()) {
      replaceUnfinished(erasure.finish(new ArrayList<>(gone)));
    }
    return outcome;
  }

  /// Of what was deleted, and before; says what the store protects and keeps. What was written
  /// since the erasure began does not count: where a store protects everything for a time, there
  /// would be no end of it.
  private List<Kept> eraseOldVersions(Instant begun) {
    Instant last = begun.plus(CLOCKS_DIFFER);
    return repository.store().eraseOldVersions().kept().stream()
        .filter(kept -> !kept.since().isAfter(last))
        .toList();
  }

  /// One that was broken off is gone on with. What came since, after it or into the snapshots of
  /// others meanwhile, is erased anew: the record of one that was broken off gives way to another.
  private Erasure begin(
      Ledger ledger, List<Holder> holders, Instant now, String by, RandomGenerator random) {
    Set<String> held = new TreeSet<>();
    holders.forEach(holder -> held.add(holder.snapshot().id()));
    Optional<Erasure> before = ledger.of(identity);
    if (before.isPresent() && before.get().snapshots().containsAll(held)) {
      if (!before.get().finished() || held.isEmpty()) {
        observer.recorded(before.get(), true);
        return before.get();
      }
    }
    before.filter(it -> !it.finished()).ifPresent(it -> held.addAll(it.snapshots()));
    Erasure erasure = Erasure.begin(identity, now, by, List.copyOf(held), random);
    replaceUnfinished(erasure);
    observer.recorded(erasure, false);
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

  /// The new record is there before those go of the same that say that it was begun.
  private void replaceUnfinished(Erasure with) {
    options.gate().check();
    records.save(RecordKind.PURGE, with.encode());
    for (Ledger.Entry entry : Ledger.read(repository).entries()) {
      Erasure erasure = entry.erasure();
      if (erasure.isOf(identity) && !erasure.finished() && !erasure.equals(with)) {
        records.delete(entry.record().id());
      }
    }
  }
}
