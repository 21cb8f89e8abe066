package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.files.Found;
import dev.holdfast.engine.source.files.NodeMetadata;
import dev.holdfast.posix.FileStat;
import dev.holdfast.repository.format.NodeBuilder;
import java.io.IOException;

/// Puts a stored database where its file was found.
///
/// @param found its file
/// @param place where that belongs
record DatabasePlacement(BackupRun run, Found found, FilePlace place) {
  /// The node of the database's file, but for its content.
  ///
  /// @param before what the file was before its state was fixed: what is written later must not
  ///   look as if it were stored
  static NodeBuilder node(BackupRun run, Found found, FileStat before) throws IOException {
    NodeBuilder node = run.metadata().of(found.nodeName(), before);
    node.extendedAttributes(NodeMetadata.attributes(found.directory(), found.name()));
    makeDoubtful(run, node, before);
    return node;
  }

  /// Fills the place, and one more for each file that the state has besides.
  void put(StoredDatabase state) {
    try {
      put(state, node(run, found, state.before()));
    } catch (IOException e) {
      run.problem(found.path(), e);
      run.fill(place.directory(), place.index(), null);
    }
  }

  /// @param node what [#node] gave
  void put(StoredDatabase state, NodeBuilder node) {
    run.ledger().database(place.directory().pathOf(found.nodeName()), state);
    for (StoredDatabase.Part companion : state.companions()) {
      int index = place.directory().reserveOutOfOrder();
      FilePlace beside = new FilePlace(place.directory(), index, null, place.startNanos());
      NodeBuilder copy = node.build().toBuilder().name(found.nodeName() + companion.suffix());
      copy.inode(0).links(1).content(companion.ids()).sizeBytes(companion.lengthBytes());
      run.fileDone(beside, copy.build(), 0, 0);
    }
    node.content(state.content().ids()).sizeBytes(state.content().lengthBytes());
    run.fileDone(place, node.build(), state.addedBytes(), state.storedBytes());
  }

  /// A file that was just written may be written again with the same times. The next backup has to
  /// read it whatever they say, so its change time is recorded as one that it never had.
  private static void makeDoubtful(BackupRun run, NodeBuilder node, FileStat stat) {
    if (!stat.hasSettled(run.clock().instant())) {
      node.changeTime(node.build().changeTime().minusNanos(1));
    }
  }
}
