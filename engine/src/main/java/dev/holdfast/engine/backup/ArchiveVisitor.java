package dev.holdfast.engine.backup;

import dev.holdfast.engine.backup.BackupEvent.Change;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.engine.source.files.Found;
import dev.holdfast.engine.source.files.NodeMetadata;
import dev.holdfast.engine.source.files.OpenDirectory;
import dev.holdfast.engine.source.files.TreeVisitor;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeBuilder;
import dev.holdfast.repository.format.NodeType;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns what the walk finds into places in directories and jobs for the workers. Used by the
/// walking thread only.
final class ArchiveVisitor implements TreeVisitor<PendingDirectory> {
  private final BackupRun run;

  ArchiveVisitor(BackupRun run) {
    this.run = run;
  }

  /// The root of the snapshot.
  PendingDirectory root(@Nullable BlobId previousTree) {
    return new PendingDirectory(
        null,
        0,
        Node.builder("/", NodeType.DIR),
        "/",
        null,
        run.previousTree("/", previousTree),
        null,
        null);
  }

  @Override
  public PendingDirectory enterAncestor(PendingDirectory parent, String nodeName, String path)
      throws IOException {
    NodeBuilder node = run.metadata().ofAncestor(nodeName, path);
    if (node.build().type() != NodeType.DIR) {
      throw new IOException("is not a directory");
    }
    PendingDirectory ancestor = enter(parent, nodeName, node, null, false);
    parent.addAncestor(nodeName, ancestor);
    return ancestor;
  }

  @Override
  public PendingDirectory enterVirtual(PendingDirectory parent, String nodeName) {
    return enter(parent, nodeName, MadeUpNodes.directory(run, nodeName), null, false);
  }

  @Override
  public PendingDirectory enter(
      PendingDirectory parent, Found found, OpenDirectory opened, List<String> names)
      throws IOException {
    NodeBuilder node = run.metadata().of(found.nodeName(), found.stat());
    node.extendedAttributes(NodeMetadata.attributes(opened));
    return enter(parent, found.nodeName(), node, names, found.isExplicit());
  }

  private PendingDirectory enter(
      PendingDirectory parent,
      String name,
      NodeBuilder node,
      @Nullable List<String> names,
      boolean isTarget) {
    String path = parent.pathOf(name);
    Node previous = parent.previous().find(name);
    BlobId previousTree = previous == null ? null : previous.subtree();
    run.ledger().folder(path);
    return new PendingDirectory(
        parent,
        parent.reserve(),
        node,
        path,
        previous,
        run.previousTree(path, previousTree),
        names,
        run.ledger().owner(path, parent.owner(), isTarget));
  }

  @Override
  public void file(PendingDirectory directory, Found found) throws IOException {
    long start = System.nanoTime();
    Node previous = directory.previous().find(found.nodeName());
    if (directory.leftOut().contains(found.name()) || isFixed(directory, found, previous, start)) {
      return;
    }
    DatabaseJob database = databaseOf(directory, found.name());
    if (database != null) {
      found.directory().retain();
      database.addSidecar(found, new FilePlace(directory, directory.reserve(), previous, start));
      return;
    }
    DatabaseEngine engine = engineBesideSidecars(directory, found);
    if (engine == null && previous != null && reuse(directory, found, previous, start)) {
      return;
    }
    found.directory().retain();
    FilePlace place = new FilePlace(directory, directory.reserve(), previous, start);
    if (engine != null) {
      directory.databases().put(found.name(), new DatabaseJob(run, engine, found, place));
    } else {
      run.workers().submit(new FileJob(run, found, place, true));
    }
  }

  /// Puts a database into its place that was stored before the walk.
  private boolean isFixed(
      PendingDirectory directory, Found found, @Nullable Node previous, long start) {
    if (run.fixed().find(found.stat()) instanceof FixedStates.Fixed.Stored fixed) {
      StoredDatabase state = fixed.state();
      for (String suffix : state.engine().sidecarSuffixes()) {
        directory.leftOut().add(found.name() + suffix);
      }
      state.companions().forEach(part -> directory.leftOut().add(found.name() + part.suffix()));
      FilePlace place = new FilePlace(directory, directory.reserve(), previous, start);
      new DatabasePlacement(run, found, place).put(state);
      return true;
    }
    return false;
  }

  /// Stores a file that has not changed with the content it had, unless some of that is missing.
  private boolean reuse(PendingDirectory directory, Found found, Node previous, long start)
      throws IOException {
    if (previous.content() == null
        || !NodeComparison.isUnread(found.stat(), previous, run.options().switches())) {
      return false;
    }
    if (!run.hasAll(previous.content())) {
      run.doubt(found.path(), "parts are missing in the repository's index; it is stored again");
      return false;
    }
    NodeBuilder node = run.metadata().of(found.nodeName(), found.stat());
    node.extendedAttributes(NodeMetadata.attributes(found.directory(), found.name()));
    run.bytesDone(previous.sizeBytes());
    FilePlace place = new FilePlace(directory, directory.reserve(), previous, start);
    run.ordinaryFileDone(
        found, place, node.content(previous.content()).build(), Change.UNCHANGED, 0, 0);
    return true;
  }

  /// The database that a file belongs to by its name, if such a one lies beside it.
  private @Nullable DatabaseJob databaseOf(PendingDirectory directory, String name) {
    if (directory.databases().isEmpty()) {
      return null;
    }
    for (DatabaseEngine engine : run.engines()) {
      for (String suffix : engine.sidecarSuffixes()) {
        if (name.endsWith(suffix)) {
          String database = name.substring(0, name.length() - suffix.length());
          DatabaseJob job = directory.databases().get(database);
          if (job != null) {
            return job;
          }
        }
      }
    }
    return null;
  }

  /// The kind of database that a file with files beside it is. Such a one is looked at here, before
  /// any of its files is opened, and its own times say nothing of whether it has changed.
  private @Nullable DatabaseEngine engineBesideSidecars(PendingDirectory directory, Found found)
      throws IOException {
    for (DatabaseEngine engine : run.engines()) {
      for (String suffix : engine.sidecarSuffixes()) {
        if (exists(directory, found, found.name() + suffix)) {
          if (engine.recognizes(found.path())) {
            return engine;
          }
          break;
        }
      }
    }
    return null;
  }

  private static boolean exists(PendingDirectory directory, Found found, String name)
      throws IOException {
    List<String> names = directory.names();
    if (names != null) {
      return Collections.binarySearch(names, name, OsString::compare) >= 0;
    }
    try {
      found.directory().stat(name);
      return true;
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENAMETOOLONG) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void special(PendingDirectory directory, Found found) throws IOException {
    // The place in the parent snapshot is passed over.
    directory.previous().find(found.nodeName());
    Node node =
        run.metadata().ofSpecial(found.directory(), found.name(), found.stat()).toBuilder()
            .name(found.nodeName())
            .build();
    run.fill(directory, directory.reserve(), node);
  }

  @Override
  public void virtualFile(PendingDirectory directory, String nodeName, VirtualFile file) {
    Node previous = directory.previous().find(nodeName);
    MadeUpNodes.place(run, directory, nodeName, previous, file);
  }

  @Override
  public void leave(PendingDirectory directory) {
    directory.databases().values().forEach(run.workers()::submit);
    run.seal(directory);
  }

  @Override
  public void excluded(String path) {
    run.event(new BackupEvent.Excluded(path));
  }

  @Override
  public void vanished(PendingDirectory directory, String path, String name, IOException reason) {
    // What lies beside a database comes and goes with its transactions.
    if (databaseOf(directory, name) == null && !directory.leftOut().contains(name)) {
      run.problem(path, reason);
    }
  }

  @Override
  public void failed(String path, IOException reason) {
    run.problem(path, reason);
  }
}
