package dev.holdfast.engine.backup;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.files.TargetTree;
import dev.holdfast.engine.source.files.TreeWalk;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.SnapshotSummary;
import dev.holdfast.repository.write.RepositoryWriter;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Makes snapshots of files, databases and streams.
///
/// A snapshot appears only when everything it refers to is durable; a backup that fails or is
/// interrupted leaves nothing that looks like one. What cannot be read is reported to the observer
/// and left out, and the result says so. An interrupt of the calling thread ends the backup with
/// [HoldfastException.Cancelled]. Thread-safe as long as the repository's writers are used one at a
/// time.
public final class Archiver {
  /// Bounds the memory of chunks in work: each thread has up to two of 8 MiB, and one waits for it.
  private static final int THREADS_MAX = 4;

  private final Repository repository;
  private final List<DatabaseEngine> engines;
  private final Clock clock;
  private final int threads;

  /// @param engines the kinds of databases that are recognized inside trees
  /// @param clock its zone is that of the times in trees
  public Archiver(Repository repository, List<DatabaseEngine> engines, Clock clock) {
    this.repository = repository;
    this.engines = List.copyOf(engines);
    this.clock = clock;
    this.threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, THREADS_MAX);
  }

  /// Backs up.
  ///
  /// @throws HoldfastException if nothing could be stored, or not all of it be made durable: there
  ///   is no snapshot then
  public BackupResult run(BackupTargets targets, BackupOptions options, BackupObserver observer) {
    OffsetDateTime start = now();
    try (Storage storage = openStorage(options);
        OpenContents contents = new OpenContents();
        Workers workers = new Workers(threads)) {
      BackupRun run =
          new BackupRun(
              repository,
              engines,
              options,
              observer,
              storage.sink(),
              workers,
              contents,
              targets.virtualFiles(),
              clock);
      try (StreamPhase _ = run.streams()) {
        run.reportMissing();
        BackupTargets existing = targets.existing(run::problem);
        StoredRoot root = store(layOut(existing), run);
        refuseIfFailed(run);
        storage.flush();
        SnapshotSummary summary = run.tally().summary(start, now());
        Snapshot snapshot = snapshot(existing, run, root.tree(), summary);
        return new BackupResult(
            publish(snapshot, options, root.isSkipped()),
            snapshot,
            summary,
            run.tally().problems(),
            root.manifest(),
            run.parent().manifest());
      }
    }
  }

  private OffsetDateTime now() {
    return OffsetDateTime.now(clock);
  }

  /// Where blobs go, and what is to be done with it at the end.
  private record Storage(BlobSink sink, Optional<RepositoryWriter> writer)
      implements AutoCloseable {
    void flush() {
      writer.ifPresent(RepositoryWriter::flush);
    }

    @Override
    public void close() {
      writer.ifPresent(RepositoryWriter::close);
    }
  }

  private Storage openStorage(BackupOptions options) {
    seeParent(options);
    if (options.has(BackupOptions.Switch.DRY_RUN)) {
      return new Storage(new DryRunSink(repository.index()), Optional.empty());
    }
    RepositoryWriter writer = repository.writer(options.writer());
    return new Storage(writer::save, Optional.of(writer));
  }

  /// Loads the index again if it does not have the parent: its files were listed after the
  /// snapshots, but by a store that may show late what was written.
  private void seeParent(BackupOptions options) {
    boolean isUnknown =
        options
            .parent()
            .map(parent -> new BlobHandle(BlobType.TREE, parent.snapshot().tree()))
            .filter(tree -> !repository.index().contains(tree))
            .isPresent();
    if (isUnknown) {
      repository.useIndex(null);
    }
  }

  private static TargetTree layOut(BackupTargets targets) {
    if (targets.isEmpty()) {
      throw BackupTargets.nothing();
    }
    try {
      return targets.stage().isPresent()
          ? TargetTree.staged(targets.stage().get(), targets.virtualFiles())
          : TargetTree.of(targets.paths(), targets.virtualFiles());
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput("cannot list a target: " + Reason.of(e), "", e);
    }
  }

  /// What everything hangs on.
  ///
  /// @param tree the root's tree
  /// @param isSkipped whether there is to be no snapshot, because nothing changed
  private record StoredRoot(BlobId tree, Optional<Manifest> manifest, boolean isSkipped) {}

  /// Stores everything: databases, what comes from streams, then files.
  private StoredRoot store(TargetTree tree, BackupRun run) {
    try {
      DatabaseSearch search = DatabaseSearch.in(tree, run);
      if (run.options().has(BackupOptions.Switch.SCAN)) {
        run.event(search.totals());
      }
      new DatabasePhase(run).run(search.databases(), run.streams()::pin);
      run.streams().store();
      PendingDirectory root = walk(tree, run);
      run.finish();
      return finish(root, run);
    } finally {
      run.discardDeferred();
    }
  }

  /// Walks over everything and stores it, but for the root: its first place is the manifest's.
  private static PendingDirectory walk(TargetTree tree, BackupRun run) {
    BackupOptions options = run.options();
    ArchiveVisitor visitor = new ArchiveVisitor(run);
    PendingDirectory root =
        visitor.root(
            options.parent().map(StoredSnapshot::snapshot).map(Snapshot::tree).orElse(null));
    String workingDirectory = options.origin().workingDirectory();
    new TreeWalk<>(options.rules(), workingDirectory, visitor).walk(tree, root);
    if (root.isEmpty()) {
      throw new HoldfastException.Rejected(
          "the snapshot would be empty", "see whether the excludes leave anything");
    }
    root.reserveOutOfOrder();
    visitor.leave(root);
    return root;
  }

  private StoredRoot finish(PendingDirectory root, BackupRun run) {
    for (FoundDatabase missed : run.fixed().neverMet()) {
      run.warning(missed.file(), "was replaced or removed after its state was stored");
    }
    List<Node> entries = root.entries();
    int manifestPlace = root.size() - 1;
    Optional<Manifest> manifest = run.ledger().manifest(run.options().origin(), clock.instant());
    boolean isSkipped =
        run.options().has(BackupOptions.Switch.SKIP_IF_UNCHANGED)
            && new ParentComparison(run).isSame(root, entries);
    if (manifest.isPresent() && !isSkipped) {
      ManifestStoring.refuseOther(entries);
      run.fill(root, manifestPlace, new ManifestStoring(run).store(manifest.get()));
    } else {
      run.fill(root, manifestPlace, null);
    }
    return new StoredRoot(
        Objects.requireNonNull(root.tree(), "the root was not stored"), manifest, isSkipped);
  }

  /// An app without one of its sources is no backup of it, unless its configuration says so.
  private static void refuseIfFailed(BackupRun run) {
    BackupSubject subject = run.options().subject();
    if (subject.onFailure() == BackupSubject.OnFailure.FAIL && run.ledger().hasFailures()) {
      List<String> failures = List.copyOf(run.ledger().failures());
      String more = failures.size() == 1 ? "" : " (and " + (failures.size() - 1) + " more)";
      throw new HoldfastException.Rejected(
          "not everything of "
              + subject.app().map(app -> "'" + app + "'").orElse("the backup")
              + " could be stored: "
              + failures.getFirst()
              + more,
          "'on-error: partial' in its configuration would store the rest");
    }
  }

  private static Snapshot snapshot(
      BackupTargets targets, BackupRun run, BlobId tree, SnapshotSummary summary) {
    BackupOptions options = run.options();
    BackupOptions.Origin origin = options.origin();
    return new Snapshot(
        options.time(),
        options.parent().map(StoredSnapshot::id).orElse(null),
        tree,
        paths(targets, options),
        origin.hostname(),
        origin.username(),
        origin.uid(),
        origin.gid(),
        options.excludes(),
        tags(run),
        null,
        origin.programVersion(),
        summary);
  }

  private static List<String> paths(BackupTargets targets, BackupOptions options) {
    if (!options.subject().paths().isEmpty()) {
      return options.subject().paths();
    }
    List<String> paths = new ArrayList<>();
    for (String path : targets.paths()) {
      paths.add(UnixPath.absolute(options.origin().workingDirectory(), path));
    }
    for (VirtualFile file : targets.virtualFiles()) {
      paths.add(file.path());
    }
    return paths;
  }

  private static List<String> tags(BackupRun run) {
    BackupSubject subject = run.options().subject();
    Set<String> tags = new LinkedHashSet<>(run.options().tags());
    tags.addAll(subject.tags());
    if (subject.onFailure() == BackupSubject.OnFailure.PARTIAL && run.ledger().hasFailures()) {
      tags.add(Manifest.PARTIAL_TAG);
    }
    if (run.ledger().holdsUnverified()) {
      tags.add(Manifest.UNVERIFIED_TAG);
    }
    return List.copyOf(tags);
  }

  private Optional<SnapshotId> publish(
      Snapshot snapshot, BackupOptions options, boolean isSkipped) {
    if (options.has(BackupOptions.Switch.DRY_RUN) || isSkipped) {
      return Optional.empty();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new HoldfastException.Cancelled("interrupted");
    }
    return Optional.of(repository.saveSnapshot(snapshot, options.writer().gate()));
  }
}
