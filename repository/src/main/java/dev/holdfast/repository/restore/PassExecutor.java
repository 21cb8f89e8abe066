package dev.holdfast.repository.restore;

import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.parallel.Workers;
import dev.holdfast.repository.restore.RestoreEvent.Action;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Carries out the passes of a restore. One thread only; starts its own workers for content.
final class PassExecutor implements AutoCloseable {
  private final Repository repository;
  private final int rootFd;
  private final RestoreOptions options;
  private final Reporter reporter;
  private final DirectoryHandles directories;
  private final TargetEntries entries;
  private final MetadataSetter metadata;
  private final FileFinisher finisher;
  private final WriteBack writeBack = new WriteBack();

  PassExecutor(Repository repository, int rootFd, RestoreOptions options, Reporter reporter) {
    this.repository = repository;
    this.rootFd = rootFd;
    this.options = options;
    this.reporter = reporter;
    directories = new DirectoryHandles(rootFd);
    entries = new TargetEntries(options);
    metadata = new MetadataSetter(options, reporter);
    finisher = new FileFinisher(metadata, reporter);
  }

  /// Carries out one pass. Directories get their metadata last: making an entry in them would
  /// change their times, and their modes might forbid it.
  void execute(Pass pass) {
    pass.directories().forEach(this::makeDirectory);
    restoreContent(pass);
    pass.specials().forEach(this::makeSpecial);
    pass.links().forEach(this::makeLink);
    if (options.verify()) {
      verify(pass);
    }
    pass.removals().forEach(this::remove);
    pass.left().forEach(this::finishDirectory);
  }

  private void makeDirectory(PlannedDirectory directory) {
    PlannedDirectory parent = directory.parent();
    if (parent == null) {
      return;
    }
    try {
      entries.makeDirectory(directories.open(parent), directory.name());
    } catch (PosixException e) {
      reporter.error(directory.path(), "directory not made: " + e.getMessage());
    }
  }

  private void restoreContent(Pass pass) {
    boolean done = false;
    try {
      writeContent(pass);
      done = true;
    } finally {
      if (!done) {
        new Remains(directories, options.overwrite(), reporter).handle(pass);
      }
    }
  }

  private void writeContent(Pass pass) {
    try (FileWriter writer = newWriter(directories)) {
      // Files without blobs to write end here, the others with their last blob.
      pass.files().forEach(writer::settle);
    }
    Queue<ContentRestorer.Task> tasks =
        new ConcurrentLinkedQueue<>(ContentRestorer.tasks(pass.placements()));
    int workers = Math.min(options.workers(), tasks.size());
    if (workers > 0) {
      Workers.run(workers, () -> restoreContent(tasks));
    }
  }

  private void restoreContent(Queue<ContentRestorer.Task> tasks) {
    try (DirectoryHandles own = new DirectoryHandles(rootFd);
        FileWriter writer = newWriter(own)) {
      new ContentRestorer(repository, writer, reporter).run(tasks);
    }
  }

  private FileWriter newWriter(DirectoryHandles handles) {
    return new FileWriter(handles, entries, finisher, writeBack, options.sparse());
  }

  private void makeSpecial(Pass.Special special) {
    Node node = special.node();
    String path = special.path();
    try {
      int directoryFd = directories.open(special.directory());
      entries.replace(
          directoryFd,
          node.name(),
          () -> {
            make(directoryFd, node);
            return 0;
          });
      metadata.setByName(directoryFd, node, path);
      reporter.done(path, Action.RESTORED, 0);
    } catch (PosixException e) {
      String message = node.type().jsonName() + " not made: " + e.getMessage();
      switch (node.type()) {
        // Devices need privilege that a restore need not have.
        case DEVICE, CHAR_DEVICE -> reporter.warning(path, message);
        case FIFO, SYMLINK, FILE, DIR, SOCKET, IRREGULAR -> reporter.error(path, message);
      }
    }
  }

  private static void make(int directoryFd, Node node) throws PosixException {
    String name = node.name();
    switch (node.type()) {
      case SYMLINK -> Posix.symlinkat(node.linkTarget(), directoryFd, name);
      case DEVICE -> mknod(directoryFd, name, FileType.BLOCK_DEVICE, node.device());
      case CHAR_DEVICE -> mknod(directoryFd, name, FileType.CHARACTER_DEVICE, node.device());
      case FIFO -> mknod(directoryFd, name, FileType.FIFO, 0);
      case FILE, DIR, SOCKET, IRREGULAR ->
          throw new IllegalArgumentException(node.type() + " is not made like this");
    }
  }

  private static void mknod(int directoryFd, String name, FileType type, long device)
      throws PosixException {
    Posix.mknodat(directoryFd, name, type, 0600, device);
  }

  private void makeLink(Pass.Link link) {
    String path = link.path();
    try {
      // Two directories at once: the second must not push the first out.
      try (DirectoryHandles source = new DirectoryHandles(rootFd)) {
        int sourceFd = source.open(link.toDirectory());
        int directoryFd = directories.open(link.directory());
        if (!isLinked(sourceFd, link.toName(), directoryFd, link.node().name())) {
          entries.replace(
              directoryFd,
              link.node().name(),
              () -> {
                Posix.linkat(sourceFd, link.toName(), directoryFd, link.node().name(), 0);
                return 0;
              });
        }
      }
      reporter.done(path, Action.RESTORED, 0);
    } catch (PosixException e) {
      String first = link.toDirectory().path(link.toName());
      reporter.error(path, "not linked to " + first + ": " + e.getMessage());
    }
  }

  private static boolean isLinked(int sourceFd, String source, int directoryFd, String name)
      throws PosixException {
    FileStat first = TargetEntries.stat(sourceFd, source);
    try {
      return first.isSameFile(TargetEntries.stat(directoryFd, name));
    } catch (PosixException nothingThere) {
      return false;
    }
  }

  private void verify(Pass pass) {
    if (options.durable()) {
      syncfs(rootFd);
    }
    Queue<PlannedFile> files = new ConcurrentLinkedQueue<>();
    for (PlannedFile file : pass.files()) {
      if (file.damage() == null && !file.match().isWhole()) {
        files.add(file);
      }
    }
    Workers.run(options.workers(), () -> verify(files));
  }

  private void verify(Queue<PlannedFile> files) {
    try (FileVerifier verifier =
        new FileVerifier(rootFd, repository.index(), !options.durable(), reporter)) {
      verifier.run(files);
    }
  }

  private void remove(Pass.Removal removal) {
    try {
      int directoryFd = directories.open(removal.directory());
      entries.removeTree(
          directoryFd,
          removal.name(),
          removal.path(),
          path -> reporter.done(path, Action.DELETED, 0));
    } catch (PosixException e) {
      reporter.error(removal.path(), "not removed: " + e.getMessage());
    }
  }

  private void finishDirectory(PlannedDirectory directory) {
    Node node = directory.node();
    PlannedDirectory parent = directory.parent();
    if (node == null || parent == null) {
      return;
    }
    String path = directory.path();
    try {
      int fd = directories.open(directory);
      metadata.set(fd, node, path, directory.existed());
      if (directory.existed()) {
        syncMountPoint(fd, parent);
      }
      directories.release(directory);
      reporter.done(path, Action.RESTORED, 0);
    } catch (PosixException e) {
      reporter.error(path, "metadata not set: " + e.getMessage());
    }
  }

  /// A file system that is mounted inside the target is complete with its uppermost directory, and
  /// is not reached by the sync of the target at the end.
  private void syncMountPoint(int fd, PlannedDirectory parent) throws PosixException {
    long device = Posix.fstat(fd).deviceId();
    if (device != Posix.fstat(directories.open(parent)).deviceId()) {
      Posix.syncfs(directories.open(parent));
    }
  }

  private void syncfs(int fd) {
    try {
      Posix.syncfs(fd);
    } catch (PosixException e) {
      reporter.error("/", "the target could not be synced to disk: " + e.getMessage());
    }
  }

  /// Makes everything that was restored durable, if that is wanted, with one call for the whole
  /// file system: a call for each of many small files would take many times as long.
  void sync() {
    if (options.durable()) {
      syncfs(rootFd);
    }
  }

  @Override
  public void close() {
    writeBack.close();
    directories.close();
  }
}
