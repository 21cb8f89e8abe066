package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.repository.format.FileMode;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeBuilder;
import dev.holdfast.repository.format.NodeType;
import org.jspecify.annotations.Nullable;

/// Makes up what exists only in the snapshot.
final class MadeUpNodes {
  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  private MadeUpNodes() {}

  /// The node of a directory.
  static NodeBuilder directory(BackupRun run, String name) {
    return madeUp(run, name, NodeType.DIR, DIRECTORY_MODE);
  }

  /// The node of a file, but for its content.
  static NodeBuilder file(BackupRun run, String name) {
    return madeUp(run, name, NodeType.FILE, FILE_MODE);
  }

  private static NodeBuilder madeUp(BackupRun run, String name, NodeType type, int mode) {
    return Node.builder(name, type)
        .mode(FileMode.of(type, mode))
        .modificationTime(run.options().time())
        .accessTime(run.options().time())
        .changeTime(run.options().time())
        .uid(run.options().origin().uid())
        .gid(run.options().origin().gid())
        .user(run.options().origin().username());
  }

  /// Puts a file from a stream into its place, unless it could not be stored.
  static void place(
      BackupRun run,
      PendingDirectory directory,
      String nodeName,
      @Nullable Node previous,
      VirtualFile file) {
    StreamPhase.Stored stored = run.streams().at(file.path());
    if (stored != null) {
      FilePlace place = new FilePlace(directory, directory.reserve(), previous, System.nanoTime());
      Node node = file(run, nodeName).content(stored.ids()).sizeBytes(stored.lengthBytes()).build();
      run.fileDone(place, node, stored.addedBytes(), stored.storedBytes());
    }
  }
}
