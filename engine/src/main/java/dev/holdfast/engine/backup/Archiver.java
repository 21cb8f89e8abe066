package dev.holdfast.engine.backup;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.files.TargetTree;
import dev.holdfast.engine.source.files.TreeWalk;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.SnapshotSummary;
import dev.holdfast.repository.write.RepositoryWriter;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
              repository, engines, options, observer, storage.sink(), workers, contents, clock);
      BackupTargets existing = targets.existing(run::problem);
      BlobId rootTree = store(layOut(existing), run);
      storage.flush();
      SnapshotSummary summary = run.tally().summary(start, now());
      Snapshot snapshot = snapshot(existing, options, rootTree, summary);
      return new BackupResult(
          publish(snapshot, options), snapshot, summary, run.tally().problems());
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
    if (options.has(BackupOptions.Switch.DRY_RUN)) {
      return new Storage(new DryRunSink(repository.index()), Optional.empty());
    }
    RepositoryWriter writer = repository.writer(options.writer());
    return new Storage(writer::save, Optional.of(writer));
  }

  private static TargetTree layOut(BackupTargets targets) {
    if (targets.paths().isEmpty() && targets.virtualFiles().isEmpty()) {
      throw new HoldfastException.NotFound(
          "all source directories and files do not exist", "name at least one that does");
    }
    try {
      return TargetTree.of(targets.paths(), targets.virtualFiles());
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput("cannot list a target: " + e.getMessage(), "", e);
    }
  }

  /// Stores everything.
  ///
  /// @return the root's tree
  private static BlobId store(TargetTree tree, BackupRun run) {
    try (BackgroundScan _ = new BackgroundScan(tree, run)) {
      PendingDirectory root = walk(tree, run);
      run.finish();
      return Objects.requireNonNull(root.tree(), "the root was not stored");
    } finally {
      run.discardDeferred();
    }
  }

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
    visitor.leave(root);
    return root;
  }

  private static Snapshot snapshot(
      BackupTargets targets, BackupOptions options, BlobId tree, SnapshotSummary summary) {
    BackupOptions.Origin origin = options.origin();
    List<String> paths = new ArrayList<>();
    for (String path : targets.paths()) {
      paths.add(UnixPath.absolute(origin.workingDirectory(), path));
    }
    for (VirtualFile file : targets.virtualFiles()) {
      paths.add(file.path());
    }
    return new Snapshot(
        options.time(),
        options.parent().map(StoredSnapshot::id).orElse(null),
        tree,
        paths,
        origin.hostname(),
        origin.username(),
        origin.uid(),
        origin.gid(),
        options.excludes(),
        options.tags(),
        null,
        origin.programVersion(),
        summary);
  }

  private Optional<SnapshotId> publish(Snapshot snapshot, BackupOptions options) {
    boolean unchanged =
        options
            .parent()
            .map(parent -> parent.snapshot().tree())
            .equals(Optional.of(snapshot.tree()));
    if (options.has(BackupOptions.Switch.DRY_RUN)
        || (unchanged && options.has(BackupOptions.Switch.SKIP_IF_UNCHANGED))) {
      return Optional.empty();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new HoldfastException.Cancelled("interrupted");
    }
    return Optional.of(repository.saveSnapshot(snapshot, options.writer().gate()));
  }
}
