package dev.holdfast.repository.restore;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.format.ExtendedAttribute;
import dev.holdfast.repository.format.FileMode;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Gives restored entries their owner, attributes, mode and times, in the order in which none
/// undoes another: a change of owner clears set-id bits and capabilities, a mode may forbid what is
/// still to be done. Thread-safe.
final class MetadataSetter {
  private static final int SET_ID_BITS = 06000;

  /// The only name space that is ours to clean: others belong to the system.
  private static final String USER_ATTRIBUTES = "user.";

  private final RestoreOptions options;
  private final Reporter reporter;
  private final boolean privileged;

  MetadataSetter(RestoreOptions options, Reporter reporter) {
    this.options = options;
    this.reporter = reporter;
    privileged = Posix.geteuid() == 0;
  }

  @FunctionalInterface
  private interface Step {
    void run() throws PosixException;
  }

  /// Sets everything of an open file or directory.
  ///
  /// @param existed whether it may have attributes that the snapshot does not have
  void set(int fd, Node node, String path, boolean existed) {
    setAllButTimes(fd, node, path, existed);
    attempt(
        path,
        "times",
        () ->
            Posix.futimens(
                fd,
                node.accessTime().toEpochSecond(),
                node.accessTime().getNano(),
                node.modificationTime().toEpochSecond(),
                node.modificationTime().getNano()));
  }

  /// Leaves the times as they are, so that a file with wrong content does not pass for unchanged.
  void setAllButTimes(int fd, Node node, String path, boolean existed) {
    boolean owned = setOwner(fd, "", node, path, OpenFlag.AT_EMPTY_PATH);
    if (existed) {
      attempt(path, "extended attributes", () -> removeOthers(fd, node));
    }
    for (ExtendedAttribute attribute : node.extendedAttributes()) {
      if (options.attributes().test(attribute.name())) {
        attempt(
            path,
            "extended attribute " + attribute.name(),
            () -> Posix.setXattr(fd, attribute.name(), attribute.valueBytes()));
      }
    }
    attempt(path, "mode", () -> Posix.fchmod(fd, mode(node, owned)));
  }

  /// Sets everything of an entry that cannot be opened: a symbolic link, a device, a fifo.
  void setByName(int directoryFd, Node node, String path) {
    String name = node.name();
    boolean owned = setOwner(directoryFd, name, node, path, OpenFlag.AT_SYMLINK_NOFOLLOW);
    for (ExtendedAttribute attribute : node.extendedAttributes()) {
      if (options.attributes().test(attribute.name())) {
        attempt(
            path,
            "extended attribute " + attribute.name(),
            () ->
                Posix.setXattr(
                    Posix.pathAt(directoryFd, name), attribute.name(), attribute.valueBytes()));
      }
    }
    if (node.type() != NodeType.SYMLINK) {
      attempt(path, "mode", () -> Posix.fchmodat(directoryFd, name, mode(node, owned), 0));
    }
    attempt(
        path,
        "times",
        () ->
            Posix.utimensat(
                directoryFd,
                name,
                node.accessTime().toEpochSecond(),
                node.accessTime().getNano(),
                node.modificationTime().toEpochSecond(),
                node.modificationTime().getNano()));
  }

  /// Whether the entry now has the snapshot's owner, so that set-id bits mean what they meant.
  private boolean setOwner(int fd, String name, Node node, String path, int flags) {
    if (!options.owners()) {
      return false;
    }
    try {
      Posix.fchownat(fd, name, node.uid(), node.gid(), flags);
      return true;
    } catch (PosixException e) {
      if (e.errno() == Errno.EPERM) {
        reporter.ownerNotSet();
      }
      if (e.errno() != Errno.EPERM || privileged) {
        reporter.error(path, "owner not set: " + e.getMessage());
      }
      return false;
    }
  }

  private static int mode(Node node, boolean owned) {
    int mode = FileMode.toPosix(node.mode());
    return owned ? mode : mode & ~SET_ID_BITS;
  }

  private void removeOthers(int fd, Node node) throws PosixException {
    List<String> present = Posix.listXattr(fd);
    if (present.isEmpty()) {
      return;
    }
    Set<String> wanted = new HashSet<>();
    node.extendedAttributes().forEach(attribute -> wanted.add(attribute.name()));
    for (String name : present) {
      if (name.startsWith(USER_ATTRIBUTES)
          && !wanted.contains(name)
          && options.attributes().test(name)) {
        Posix.removeXattr(fd, name);
      }
    }
  }

  private void attempt(String path, String what, Step step) {
    try {
      step.run();
    } catch (PosixException e) {
      boolean notPermitted = !privileged && (e.errno() == Errno.EPERM || e.errno() == Errno.EACCES);
      if (notPermitted || e.errno() == Errno.EOPNOTSUPP) {
        reporter.warning(path, what + " not set: " + e.getMessage());
      } else {
        reporter.error(path, what + " not set: " + e.getMessage());
      }
    }
  }
}
