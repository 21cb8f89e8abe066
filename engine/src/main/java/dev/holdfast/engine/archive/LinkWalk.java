package dev.holdfast.engine.archive;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/// Follows one symbolic link of an unpacked tree as the system would, through every other one, but
/// never out of the tree.
final class LinkWalk {
  /// As many as Linux follows before it gives up.
  private static final int LINKS_MAX = 40;

  /// What the system says of a name that is no link, or of nothing.
  private static final Set<Integer> NO_LINK =
      Set.of(Errno.EINVAL, Errno.ENOENT, Errno.ENOTDIR, Errno.ENAMETOOLONG);

  private final String root;
  private final Deque<String> place = new ArrayDeque<>();
  private int links;

  LinkWalk(String root) {
    this.root = root;
  }

  /// @param name of a link, relative, below folders alone
  boolean leadsOut(String name) throws PosixException {
    return walk(name);
  }

  /// Goes on from the place that was reached; whether that left the tree.
  private boolean walk(String way) throws PosixException {
    if (way.startsWith("/")) {
      return true;
    }
    for (String step : way.split("/", -1)) {
      if (step.equals("..")) {
        if (place.isEmpty()) {
          return true;
        }
        place.removeLast();
      } else if (!step.isEmpty() && !step.equals(".")) {
        place.addLast(step);
        String target = target(root + "/" + String.join("/", place));
        if (!target.isEmpty()) {
          place.removeLast();
          // A ring leads nowhere.
          if (++links <= LINKS_MAX && walk(target)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Where a link points to; empty if it is none, or not there.
  private static String target(String path) throws PosixException {
    try {
      return Posix.readlinkat(OpenFlag.AT_FDCWD, path);
    } catch (PosixException e) {
      if (NO_LINK.contains(e.errno())) {
        return "";
      }
      throw e;
    }
  }
}
