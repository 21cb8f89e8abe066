package dev.holdfast.engine.query;

import dev.holdfast.repository.format.FileMode;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeBuilder;
import dev.holdfast.repository.format.NodeType;
import java.time.OffsetDateTime;
import java.util.List;

/// A file, directory or other entry of a snapshot, for those who look at it. Immutable.
public final class EntryView {
  /// Go's letters for the bits of a file mode above the permissions, from bit 31 downwards.
  private static final String MODE_LETTERS = "dalTLDpSugct?";

  private static final int HIGHEST_BIT = 31;
  private static final String PERMISSION_LETTERS = "rwxrwxrwx";
  private static final int SETUID = 04000;
  private static final int SETGID = 02000;
  private static final int STICKY = 01000;
  private static final int MADE_MODE = 0644;

  private final String path;
  private final Node node;

  EntryView(String path, Node node) {
    this.path = path;
    this.node = node;
  }

  Node node() {
    return node;
  }

  /// A plain file that is in no snapshot, readable by everybody, for an archive that has more to
  /// say than a snapshot does.
  public static EntryView made(String path, long sizeBytes, OffsetDateTime time) {
    NodeBuilder node = Node.builder(Paths.name(path), NodeType.FILE);
    return new EntryView(
        path,
        node.mode(FileMode.of(NodeType.FILE, MADE_MODE))
            .modificationTime(time)
            .sizeBytes(sizeBytes)
            .build());
  }

  /// The same entry with another length, whose content is not the snapshot's then.
  public EntryView withSize(long sizeBytes) {
    return new EntryView(path, node.toBuilder().sizeBytes(sizeBytes).build());
  }

  /// Whether a tar archive has room for all extended attributes.
  public boolean attributesFitIntoArchive() {
    return PaxAttributes.fit(node.extendedAttributes());
  }

  /// The same entry without extended attributes.
  public EntryView withoutAttributes() {
    return new EntryView(path, node.toBuilder().extendedAttributes(List.of()).build());
  }

  /// The same entry at another path.
  public EntryView at(String newPath) {
    return new EntryView(newPath, node);
  }

  /// The same entry, its path put below `directory`.
  public EntryView below(String directory) {
    return new EntryView(directory.equals("/") ? path : directory + path, node);
  }

  /// The path in the snapshot, from `/`.
  public String path() {
    return path;
  }

  public String name() {
    return node.name();
  }

  /// Restic's word for the type: `file`, `dir`, `symlink`, `dev`, `chardev`, `fifo`, `socket`.
  public String type() {
    return node.type().jsonName();
  }

  public boolean isFile() {
    return node.type() == NodeType.FILE;
  }

  public boolean isDirectory() {
    return node.type() == NodeType.DIR;
  }

  public boolean isSymlink() {
    return node.type() == NodeType.SYMLINK;
  }

  /// Go's `fs.FileMode` as a number.
  public long mode() {
    return node.mode();
  }

  /// The low twelve bits of a POSIX mode.
  public int posixMode() {
    long mode = node.mode();
    return Math.toIntExact(mode & FileMode.PERMISSIONS)
        | ((mode & FileMode.SETUID) != 0 ? SETUID : 0)
        | ((mode & FileMode.SETGID) != 0 ? SETGID : 0)
        | ((mode & FileMode.STICKY) != 0 ? STICKY : 0);
  }

  /// The mode in Go's letters, such as `drwxr-xr-x`.
  public String permissions() {
    return letters(node.mode());
  }

  /// The mode in letters with the bit of the entry's type set, which old snapshots lack.
  public String typedPermissions() {
    return letters(node.mode() | FileMode.of(node.type(), 0));
  }

  private static String letters(long mode) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < MODE_LETTERS.length(); i++) {
      if ((mode & (1L << (HIGHEST_BIT - i))) != 0) {
        letters.append(MODE_LETTERS.charAt(i));
      }
    }
    if (letters.isEmpty()) {
      letters.append('-');
    }
    for (int i = 0; i < PERMISSION_LETTERS.length(); i++) {
      long bit = 1L << (PERMISSION_LETTERS.length() - 1 - i);
      letters.append((mode & bit) != 0 ? PERMISSION_LETTERS.charAt(i) : '-');
    }
    return letters.toString();
  }

  public long uid() {
    return node.uid();
  }

  public long gid() {
    return node.gid();
  }

  public String user() {
    return node.user();
  }

  public String group() {
    return node.group();
  }

  /// Length of a regular file, zero for everything else.
  public long sizeBytes() {
    return node.sizeBytes();
  }

  public OffsetDateTime modificationTime() {
    return node.modificationTime();
  }

  public OffsetDateTime accessTime() {
    return node.accessTime();
  }

  public OffsetDateTime changeTime() {
    return node.changeTime();
  }

  /// An unsigned number.
  public long inode() {
    return node.inode();
  }

  /// An unsigned number.
  public long deviceId() {
    return node.deviceId();
  }

  public long links() {
    return node.links();
  }

  /// Target of a symbolic link, empty for everything else.
  public String linkTarget() {
    return node.linkTarget();
  }

  @Override
  public String toString() {
    return path;
  }
}
