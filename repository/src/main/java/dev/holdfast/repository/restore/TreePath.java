package dev.holdfast.repository.restore;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;

/// Finds a directory inside a snapshot: the `PATH` of `SNAPSHOT:PATH`.
public final class TreePath {
  private TreePath() {}

  /// The tree of the directory at `path` below `root`. Empty components and `.` mean nothing, `..`
  /// is a name like any other; links are not followed.
  ///
  /// @throws HoldfastException.NotFound if there is no such directory
  public static BlobId find(Repository repository, BlobId root, String path) {
    BlobId tree = root;
    StringBuilder walked = new StringBuilder();
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        walked.append('/').append(name);
        tree = child(repository, tree, name, walked.toString());
      }
    }
    return tree;
  }

  private static BlobId child(Repository repository, BlobId tree, String name, String walked) {
    Node node =
        repository
            .loadTree(tree)
            .find(name)
            .orElseThrow(() ->
                new HoldfastException.NotFound(
                    "'" + OsString.display(walked) + "' is not in the snapshot",
                    "run 'holdfast ls' with the snapshot to see what it holds"));
    BlobId subtree = node.subtree();
    if (subtree == null) {
      throw new HoldfastException.NotFound(
          "'" + OsString.display(walked) + "' in the snapshot is not a directory",
          "to restore a single file, name its directory and use --include");
    }
    return subtree;
  }
}
