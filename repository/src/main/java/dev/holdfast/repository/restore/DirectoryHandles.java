package dev.holdfast.repository.restore;

import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Open directories of the target. Every name is resolved below the descriptor of its parent and no
/// symbolic link is followed, so nothing the tree says leads out of the target. One thread only.
final class DirectoryHandles implements AutoCloseable {
  /// Bounds open files; the directories of a walk and their parents fit in.
  static final int MAX_OPEN = 64;

  static final int OPEN_DIRECTORY =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_NOFOLLOW | OpenFlag.O_CLOEXEC;

  private final int rootFd;
  private final Map<PlannedDirectory, Integer> open = new LinkedHashMap<>(MAX_OPEN, 0.75f, true);

  /// @param rootFd the target, which stays the caller's to close
  DirectoryHandles(int rootFd) {
    this.rootFd = rootFd;
  }

  /// A descriptor of `directory`, good until the next call.
  int open(PlannedDirectory directory) throws PosixException {
    PlannedDirectory parent = directory.parent();
    if (parent == null) {
      return rootFd;
    }
    Integer known = open.get(directory);
    if (known != null) {
      return known;
    }
    int fd = Posix.openat(open(parent), directory.name(), OPEN_DIRECTORY, 0);
    open.put(directory, fd);
    evict();
    return fd;
  }

  private void evict() throws PosixException {
    if (open.size() > MAX_OPEN) {
      Iterator<Map.Entry<PlannedDirectory, Integer>> eldest = open.entrySet().iterator();
      int fd = eldest.next().getValue();
      eldest.remove();
      Posix.close(fd);
    }
  }

  /// Forgets a directory that nothing more is done in.
  void release(PlannedDirectory directory) throws PosixException {
    @Nullable Integer fd = open.remove(directory);
    if (fd != null) {
      Posix.close(fd);
    }
  }

  @Override
  public void close() {
    for (int fd : open.values()) {
      closeQuietly(fd);
    }
    open.clear();
  }

  /// Closes a descriptor that nothing was written through, where no error can matter.
  static void closeQuietly(int fd) {
    try {
      Posix.close(fd);
    } catch (PosixException nothingIsLost) {
      return;
    }
  }
}
