package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.StreamSource;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.repository.chunk.ChunkSizes;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.FileMode;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeBuilder;
import dev.holdfast.repository.format.NodeType;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Stores a file from a stream. A stream cannot be read again and nothing else knows what was in
/// it, so whatever goes wrong with it makes the backup fail.
final class VirtualFileJob {
  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  private final BackupRun run;
  private final PendingDirectory directory;
  private final String nodeName;
  private final @Nullable Node previous;
  private final VirtualFile file;

  VirtualFileJob(
      BackupRun run,
      PendingDirectory directory,
      String nodeName,
      @Nullable Node previous,
      VirtualFile file) {
    this.run = run;
    this.directory = directory;
    this.nodeName = nodeName;
    this.previous = previous;
    this.file = file;
  }

  /// The node of a directory that exists only in the snapshot.
  static NodeBuilder directory(BackupRun run, String name) {
    return madeUp(run, name, NodeType.DIR, DIRECTORY_MODE);
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

  void run() {
    FilePlace place = new FilePlace(directory, directory.reserve(), previous, System.nanoTime());
    run.event(new BackupEvent.FileStarted(file.path()));
    NodeBuilder node = madeUp(run, nodeName, NodeType.FILE, FILE_MODE);
    PendingContent content =
        new PendingContent((ids, added, stored) -> complete(place, node, ids, added, stored));
    try (StreamSource stream = file.stream();
        InputStream input = stream.open()) {
      long length = cut(stream, input, content);
      stream.confirmComplete();
      if (length == 0) {
        throw new HoldfastException.Rejected(
            "no data was read for '" + file.path() + "'", "whatever should write it wrote nothing");
      }
      node.sizeBytes(length);
    } catch (ClosedByInterruptException | InterruptedIOException e) {
      throw new HoldfastException.Cancelled("interrupted");
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "cannot read the data for '" + file.path() + "': " + e.getMessage(), "", e);
    }
    content.end();
  }

  private long cut(StreamSource stream, InputStream input, PendingContent content)
      throws IOException {
    OptionalLong rowBytes = stream.expectedRowBytes();
    if (rowBytes.isEmpty()) {
      return run.cutter().cut(new byte[0], 0, input::read, content);
    }
    ChunkSizes sizes = RowGrain.sizes(rowBytes.getAsLong(), previous);
    return new RowCutter(run, sizes).cut(input, content);
  }

  private void complete(
      FilePlace place, NodeBuilder node, @Nullable BlobIds ids, long added, long stored) {
    if (ids == null) {
      throw new IllegalStateException("a stream is never given up");
    }
    run.fileDone(place, node.content(ids).build(), added, stored);
  }
}
