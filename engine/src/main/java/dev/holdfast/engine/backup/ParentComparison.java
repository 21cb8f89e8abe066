package dev.holdfast.engine.backup;

import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds out whether a complete backup holds anything else than its parent snapshot.
///
/// Two things do not count: the manifest, and the metadata of directories that only lead to what
/// was backed up. Those of `/tmp` or `/home` change all the time, whatever happens below.
final class ParentComparison {
  private final BackupRun run;

  ParentComparison(BackupRun run) {
    this.run = run;
  }

  /// @param root of the backup, all of whose directories are complete
  /// @param entries of that root
  boolean isSame(PendingDirectory root, List<Node> entries) {
    return run.options()
        .parent()
        .map(parent -> run.previousTree(root.path(), parent.snapshot().tree()).nodes())
        .filter(nodes -> isSame(root, entries, ManifestStoring.besidesManifest(nodes)))
        .isPresent();
  }

  private boolean isSame(PendingDirectory directory, List<Node> ours, List<Node> theirs) {
    if (ours.size() != theirs.size()) {
      return false;
    }
    for (int i = 0; i < ours.size(); i++) {
      if (!ours.get(i).equals(theirs.get(i))
          && !leadsToSame(directory, ours.get(i), theirs.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean leadsToSame(PendingDirectory directory, Node ours, Node theirs) {
    PendingDirectory ancestor = directory.ancestors().get(ours.name());
    @Nullable BlobId subtree = theirs.subtree();
    return ancestor != null
        && ours.name().equals(theirs.name())
        && isSame(
            ancestor, ancestor.takenEntries(), run.previousTree(ancestor.path(), subtree).nodes());
  }
}
