package dev.holdfast.engine.archive;

import dev.holdfast.engine.archive.read.Refusal;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;

/// Puts what was unpacked where it goes in the snapshot. Paths are absolute and clean, in the form
/// of [dev.holdfast.posix.OsString].
final class TreeLayout {
  private static final int ANCESTOR = 0755;

  private final String tree;

  /// @param tree exists; stands for the root of the snapshot
  TreeLayout(String tree) {
    this.tree = tree;
  }

  String tree() {
    return tree;
  }

  /// Moves what was unpacked under a name to a path of the snapshot. The name is the archive's to
  /// say, so nothing on the way to it may be a link.
  ///
  /// @param unpacked the folder it was unpacked into
  /// @param name relative and clean; empty: the folder itself
  void move(String unpacked, String name, String path) throws PosixException {
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      if (!isFolder(unpacked + "/" + name.substring(0, slash))) {
        throw doesNotAgree();
      }
    }
    move(name.isEmpty() ? unpacked : unpacked + "/" + name, path);
  }

  /// Moves a file or a folder to a path of the snapshot.
  void move(String from, String path) throws PosixException {
    String target = tree + path;
    makeAbove(path);
    try {
      Posix.renameat(OpenFlag.AT_FDCWD, from, OpenFlag.AT_FDCWD, target);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        throw doesNotAgree();
      }
      if (e.errno() == Errno.EEXIST || e.errno() == Errno.ENOTEMPTY || e.errno() == Errno.EISDIR) {
        throw Refusal.refused(TarExport.shown(path) + " would be in the snapshot twice");
      }
      throw e;
    }
  }

  private static RuntimeException doesNotAgree() {
    return Refusal.refused("what it says of its parts does not agree with what is in it");
  }

  private static boolean isFolder(String path) throws PosixException {
    return Posix.lstatIfPresent(path).filter(FileStat::isDirectory).isPresent();
  }

  /// Makes the folders above a path, each of which must be a folder and nothing else.
  private void makeAbove(String path) throws PosixException {
    int slash = path.lastIndexOf('/');
    if (slash <= 0) {
      return;
    }
    String parent = path.substring(0, slash);
    makeAbove(parent);
    try {
      Posix.mkdirat(OpenFlag.AT_FDCWD, tree + parent, ANCESTOR);
    } catch (PosixException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      if (!isFolder(tree + parent)) {
        throw Refusal.refused(
            "%s would be in %s, which is no folder"
                .formatted(TarExport.shown(path), TarExport.shown(parent)));
      }
    }
  }

  /// A path that was given, checked.
  static String checked(String path) {
    if (!path.startsWith("/") || !Paths.clean(path).equals(path) || path.indexOf('\0') >= 0) {
      throw Refusal.refused(
          "the path %s in it is not absolute, or not clean".formatted(TarExport.shown(path)));
    }
    return path;
  }
}
