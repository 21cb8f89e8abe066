package dev.holdfast.engine.backup;

import dev.holdfast.engine.backup.BackupEvent.Change;
import dev.holdfast.engine.backup.BackupEvent.ItemKind;
import dev.holdfast.engine.query.PlainLengths;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.files.Found;
import dev.holdfast.engine.source.files.NodeMetadata;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.chunk.RabinCutter;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.write.SavedBlob;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// What all parts of one backup share. Thread-safe.
final class BackupRun {
  /// Unused chunk buffers that are kept: what two workers have in use at most.
  private static final int KEPT_CHUNK_BUFFERS = 6;

  private final Repository repository;
  private final List<DatabaseEngine> engines;
  private final BackupOptions options;
  private final BackupObserver observer;
  private final BlobSink sink;
  private final Workers workers;
  private final OpenContents contents;
  private final DatabaseFiles databaseFiles;
  private final ParentManifest parent;
  private final FixedStates fixed = new FixedStates();
  private final Ledger ledger;
  private final StreamPhase streams;
  private final DirectoryStoring directories = new DirectoryStoring(this);
  private final Clock clock;
  private final Tally tally = new Tally();
  private final Queue<Workers.Job> deferred = new ConcurrentLinkedQueue<>();
  private final PlainLengths plainLengths;
  private final NodeMetadata metadata;
  private final Buffers chunkBuffers;
  private final ThreadLocal<byte[]> heads =
      ThreadLocal.withInitial(() -> new byte[RabinCutter.MIN_BYTES]);
  private final ThreadLocal<byte[]> batches =
      ThreadLocal.withInitial(() -> new byte[ExtentStorage.BATCH_BYTES]);
  private final ThreadLocal<Hasher> hashers = ThreadLocal.withInitial(Hasher::new);
  private final ThreadLocal<ContentCutter> cutters =
      ThreadLocal.withInitial(() -> new ContentCutter(this));

  BackupRun(
      Repository repository,
      List<DatabaseEngine> engines,
      BackupOptions options,
      BackupObserver observer,
      BlobSink sink,
      Workers workers,
      OpenContents contents,
      List<VirtualFile> streams,
      Clock clock) {
    this.repository = repository;
    this.engines = engines;
    this.options = options;
    this.observer = observer;
    this.sink = sink;
    this.workers = workers;
    this.contents = contents;
    this.databaseFiles = new DatabaseFiles(workers);
    this.parent = ParentManifest.of(repository, options.parent().map(StoredSnapshot::snapshot));
    this.ledger = new Ledger(options.subject(), clock.instant());
    this.streams = new StreamPhase(this, streams);
    this.clock = clock;
    this.plainLengths = new PlainLengths(repository);
    this.metadata =
        new NodeMetadata(clock.getZone(), options.has(BackupOptions.Switch.ACCESS_TIMES));
    this.chunkBuffers = new Buffers(RabinCutter.MAX_BYTES, KEPT_CHUNK_BUFFERS);
  }

  BackupOptions options() {
    return options;
  }

  Workers workers() {
    return workers;
  }

  Tally tally() {
    return tally;
  }

  NodeMetadata metadata() {
    return metadata;
  }

  OpenContents contents() {
    return contents;
  }

  DatabaseFiles databaseFiles() {
    return databaseFiles;
  }

  /// What the parent snapshot says of its databases.
  ParentManifest parent() {
    return parent;
  }

  /// What became of the databases that were found before the walk.
  FixedStates fixed() {
    return fixed;
  }

  Ledger ledger() {
    return ledger;
  }

  StreamPhase streams() {
    return streams;
  }

  DatabaseFailures failures() {
    return new DatabaseFailures(this);
  }

  Clock clock() {
    return clock;
  }

  List<DatabaseEngine> engines() {
    return engines;
  }

  long chunkerPolynomial() {
    return repository.config().chunkerPolynomial();
  }

  Buffers chunkBuffers() {
    return chunkBuffers;
  }

  /// This thread's buffer for the start of a file, [RabinCutter#MIN_BYTES] long.
  byte[] headBuffer() {
    return heads.get();
  }

  /// This thread's buffer for a batch of extents, at least `sizeBytes` long.
  byte[] batchBuffer(int sizeBytes) {
    byte[] buffer = batches.get();
    if (buffer.length < sizeBytes) {
      buffer = new byte[sizeBytes];
      batches.set(buffer);
    }
    return buffer;
  }

  /// This worker's cutter. For workers alone: in a thread that outlives the backup it would stay,
  /// and the whole backup with it.
  ContentCutter cutter() {
    return cutters.get();
  }

  /// Puts a job off until everything else is done.
  void defer(Workers.Job job) {
    deferred.add(job);
  }

  /// Waits for every job, then does those that were put off.
  void finish() {
    workers.join();
    for (Workers.Job job = deferred.poll(); job != null; job = deferred.poll()) {
      workers.submit(job);
    }
    workers.join();
  }

  /// Gives up what was put off and not done, after a failure.
  void discardDeferred() {
    for (Workers.Job job = deferred.poll(); job != null; job = deferred.poll()) {
      job.discard();
    }
  }

  void checkNotCancelled() {
    if (Thread.currentThread().isInterrupted()) {
      throw new HoldfastException.Cancelled("interrupted");
    }
  }

  SavedBlob save(BlobType type, byte[] data, int offset, int lengthBytes) {
    SavedBlob saved = sink.save(type, data, offset, lengthBytes);
    tally.blob(type, saved, lengthBytes);
    return saved;
  }

  /// The id that a blob has, or would have.
  BlobId hash(byte[] data, int offset, int lengthBytes) {
    return new BlobId(hashers.get().hash(data, offset, lengthBytes));
  }

  /// The length of a data blob as the index has it, or -1 if the repository does not have it.
  long plainLengthOfData(BlobId id) {
    return plainLengths.of(new BlobHandle(BlobType.DATA, id));
  }

  boolean hasAll(BlobIds content) {
    for (int i = 0; i < content.size(); i++) {
      if (!repository.index().contains(new BlobHandle(BlobType.DATA, content.get(i)))) {
        return false;
      }
    }
    return true;
  }

  /// A directory of the parent snapshot; without one, or if it cannot be read, nothing.
  PreviousTree previousTree(String path, @Nullable BlobId id) {
    if (id == null) {
      return PreviousTree.none();
    }
    try {
      return PreviousTree.of(repository.loadTree(id));
    } catch (HoldfastException.Corrupt | HoldfastException.NotFound e) {
      doubt(path, "cannot be compared with the parent snapshot: " + e.getMessage());
      return PreviousTree.none();
    }
  }

  void event(BackupEvent event) {
    observer.on(event);
  }

  void bytesDone(long bytes) {
    observer.on(new BackupEvent.BytesDone(bytes));
  }

  /// Reports what was known to be missing before the backup began.
  void reportMissing() {
    options.subject().missing().forEach(one -> problem(one.path(), one.reason()));
    options.subject().warnings().forEach(ledger::warning);
  }

  /// Something is missing that should be in the snapshot.
  void problem(String path, String message) {
    tally.problem();
    ledger.failed(path, message);
    observer.on(new BackupEvent.Problem(path, message));
  }

  void problem(String path, IOException reason) {
    if (reason instanceof PosixException e && e.errno() == Errno.ENOENT) {
      doubt(path, "does not exist");
    } else {
      problem(path, message(reason));
    }
  }

  /// Something went as it goes with files that are in use: one vanished, or changed while it was
  /// read. With restic's meaning the backup is not complete; that of an app is, and says so.
  void doubt(String path, String message) {
    if (options.subject().onFailure() == BackupSubject.OnFailure.REPORT) {
      problem(path, message);
    } else {
      warning(path, message);
    }
  }

  /// Something is to be known about the snapshot, which has everything nevertheless.
  void warning(String path, String message) {
    ledger.warning(OsString.display(path) + ": " + message);
    observer.on(new BackupEvent.Warning(path, message));
  }

  /// What the manifest warns of, whoever runs the backup is told as well.
  void warnings(String path, SourceFacts facts) {
    facts.warnings().forEach(warning -> observer.on(new BackupEvent.Warning(path, warning)));
  }

  private static String message(IOException reason) {
    String message = reason.getMessage();
    return reason instanceof PosixException || message != null
        ? String.valueOf(message)
        : reason.getClass().getSimpleName();
  }

  /// Puts a stored file into its place that is neither a database nor made up.
  void ordinaryFileDone(
      Found found, FilePlace place, Node node, long addedBytes, long storedBytes) {
    ordinaryFileDone(found, place, node, changeOf(place.previous(), node), addedBytes, storedBytes);
  }

  void ordinaryFileDone(
      Found found, FilePlace place, Node node, Change change, long addedBytes, long storedBytes) {
    String path = place.directory().pathOf(node.name());
    FileOwner owner = ledger.owner(path, place.directory().owner(), found.isExplicit());
    ledger.file(owner, path, node);
    fileDone(place, node, change, addedBytes, storedBytes);
  }

  /// Puts a stored file into its place.
  void fileDone(FilePlace place, Node node, long addedBytes, long storedBytes) {
    fileDone(place, node, changeOf(place.previous(), node), addedBytes, storedBytes);
  }

  void fileDone(FilePlace place, Node node, Change change, long addedBytes, long storedBytes) {
    tally.file(change, node.sizeBytes());
    observer.on(
        new BackupEvent.ItemDone(
            place.directory().pathOf(node.name()),
            ItemKind.FILE,
            change,
            node.sizeBytes(),
            addedBytes,
            storedBytes,
            Duration.ofNanos(System.nanoTime() - place.startNanos())));
    fill(place.directory(), place.index(), node);
  }

  static Change changeOf(@Nullable Node previous, Node node) {
    if (previous == null) {
      return Change.NEW;
    }
    return NodeComparison.isSame(previous, node) ? Change.UNCHANGED : Change.CHANGED;
  }

  /// Puts an entry, or nothing, into its place, and stores the directory if it is complete.
  void fill(PendingDirectory directory, int place, @Nullable Node node) {
    directories.fill(directory, place, node);
  }

  /// Everything of a directory was found.
  void seal(PendingDirectory directory) {
    directories.seal(directory);
  }
}
