package dev.holdfast.engine.source.files;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.format.ExtendedAttribute;
import dev.holdfast.repository.format.FileMode;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeBuilder;
import dev.holdfast.repository.format.NodeType;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/// Turns what the file system says of a file into a node, field for field as restic does, so that a
/// directory that either program has stored is stored no second time by the other (format sheet,
/// section 8).
///
/// restic writes times in the zone of its process, hence the zone: with the system's own zone the
/// trees of both programs on one machine are equal. Immutable and thread-safe.
public final class NodeMetadata {
  private final ZoneId zone;
  private final boolean withAccessTime;

  /// @param zone the zone in which times are written; it does not change what they mean
  /// @param withAccessTime whether to record access times; without, they are equal to the
  ///   modification times and a tree that was only read stays the same
  public NodeMetadata(ZoneId zone, boolean withAccessTime) {
    this.zone = zone;
    this.withAccessTime = withAccessTime;
  }

  /// Everything but content, subtree, link target and extended attributes.
  public NodeBuilder of(String name, FileStat stat) {
    NodeType type = nodeType(stat.type());
    OffsetDateTime modified = time(stat.mtimeSeconds(), stat.mtimeNanos());
    boolean sameTime =
        stat.ctimeSeconds() == stat.mtimeSeconds() && stat.ctimeNanos() == stat.mtimeNanos();
    OffsetDateTime changed = sameTime ? modified : time(stat.ctimeSeconds(), stat.ctimeNanos());
    long uid = stat.uid();
    long gid = stat.gid();
    NodeBuilder node =
        Node.builder(name, type)
            .mode(FileMode.of(type, stat.mode()))
            .modificationTime(modified)
            .accessTime(withAccessTime ? time(stat.atimeSeconds(), stat.atimeNanos()) : modified)
            .changeTime(changed)
            .uid(uid)
            .gid(gid)
            .user(Posix.userName(uid))
            .group(Posix.groupName(gid))
            .inode(stat.inode())
            .deviceId(stat.deviceId());
    return switch (type) {
      case FILE -> node.sizeBytes(stat.sizeBytes()).links(stat.links());
      case SYMLINK -> node.links(stat.links());
      case DEVICE, CHAR_DEVICE -> node.links(stat.links()).device(stat.rdev());
      case DIR, FIFO, SOCKET, IRREGULAR -> node;
    };
  }

  private OffsetDateTime time(long seconds, int nanos) {
    return OffsetDateTime.ofInstant(Instant.ofEpochSecond(seconds, nanos), zone);
  }

  /// The node type of a file type; what has no name is [NodeType#IRREGULAR].
  public static NodeType nodeType(FileType type) {
    return switch (type) {
      case REGULAR -> NodeType.FILE;
      case DIRECTORY -> NodeType.DIR;
      case SYMLINK -> NodeType.SYMLINK;
      case BLOCK_DEVICE -> NodeType.DEVICE;
      case CHARACTER_DEVICE -> NodeType.CHAR_DEVICE;
      case FIFO -> NodeType.FIFO;
      case SOCKET -> NodeType.SOCKET;
      case UNKNOWN -> NodeType.IRREGULAR;
    };
  }

  /// The whole node of what is neither a file nor a directory.
  public Node ofSpecial(OpenDirectory directory, String name, FileStat stat) throws PosixException {
    NodeBuilder node = of(name, stat).extendedAttributes(attributes(directory, name));
    if (stat.isSymlink()) {
      node.linkTarget(Posix.readlinkat(directory.fd(), name));
    }
    return node.build();
  }

  /// The extended attributes of `name` in `directory`, in the order the kernel lists them.
  public static List<ExtendedAttribute> attributes(OpenDirectory directory, String name)
      throws PosixException {
    String path = Posix.pathAt(directory.fd(), name);
    List<String> names;
    try {
      names = Posix.listXattr(path);
    } catch (PosixException e) {
      return noneIfUnsupported(e);
    }
    List<ExtendedAttribute> attributes = new ArrayList<>(names.size());
    for (String attribute : names) {
      try {
        attributes.add(ExtendedAttribute.of(attribute, Posix.getXattr(path, attribute)));
      } catch (PosixException e) {
        failUnlessGone(e);
      }
    }
    return attributes;
  }

  /// The extended attributes of an open file or directory.
  public static List<ExtendedAttribute> attributes(int fd) throws PosixException {
    List<String> names;
    try {
      names = Posix.listXattr(fd);
    } catch (PosixException e) {
      return noneIfUnsupported(e);
    }
    List<ExtendedAttribute> attributes = new ArrayList<>(names.size());
    for (String attribute : names) {
      try {
        attributes.add(ExtendedAttribute.of(attribute, Posix.getXattr(fd, attribute)));
      } catch (PosixException e) {
        failUnlessGone(e);
      }
    }
    return attributes;
  }

  /// The extended attributes of a directory that was opened to be listed.
  public static List<ExtendedAttribute> attributes(OpenDirectory directory) throws PosixException {
    return attributes(directory.fd());
  }

  /// The node of a directory on the way to what is backed up, links followed. Its attributes are
  /// left out where reading them is not permitted, as that is not part of what was asked for.
  public NodeBuilder ofAncestor(String name, String path) throws PosixException {
    NodeBuilder node = of(name, Posix.fstatat(OpenFlag.AT_FDCWD, path, 0));
    try {
      List<ExtendedAttribute> attributes = new ArrayList<>();
      for (String attribute : Posix.listXattr(path)) {
        attributes.add(ExtendedAttribute.of(attribute, Posix.getXattr(path, attribute)));
      }
      node.extendedAttributes(attributes);
    } catch (PosixException e) {
      if (e.errno() != Errno.EPERM && e.errno() != Errno.EACCES) {
        node.extendedAttributes(noneIfUnsupported(e));
      }
    }
    return node;
  }

  private static List<ExtendedAttribute> noneIfUnsupported(PosixException e) throws PosixException {
    if (e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.ENODATA) {
      return List.of();
    }
    throw e;
  }

  /// An attribute may have been removed since it was listed.
  private static void failUnlessGone(PosixException e) throws PosixException {
    if (e.errno() != Errno.ENODATA) {
      throw e;
    }
  }
}
