package dev.holdfast.repository.format;

import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One entry of a tree (format sheet, section 8). Field order is the order in the JSON.
///
/// Strings that come from the file system (`name`, `user`, `group`, `linkTarget`) are decoded with
/// [dev.holdfast.posix.OsString], so that bytes which are not UTF-8 survive.
///
/// @param mode Go's `FileMode` bits (see [FileMode]), zero if unknown; an unsigned 32-bit number
/// @param uid an unsigned 32-bit number
/// @param gid an unsigned 32-bit number
/// @param inode an unsigned 64-bit number
/// @param deviceId an unsigned 64-bit number
/// @param sizeBytes length of a regular file, zero otherwise
/// @param links number of hard links, zero for directories
/// @param linkTarget target of a symbolic link, empty otherwise
/// @param genericAttributes attribute name to raw JSON value, as restic writes on other systems
/// @param device `st_rdev` of a device node, zero otherwise
/// @param content blobs of a regular file; null for everything else (and on damaged input)
/// @param subtree tree of a directory; null for everything else
/// @param error what restic recorded when it could not read the entry fully, empty normally
public record Node(
    String name,
    NodeType type,
    long mode,
    OffsetDateTime modificationTime,
    OffsetDateTime accessTime,
    OffsetDateTime changeTime,
    long uid,
    long gid,
    String user,
    String group,
    long inode,
    long deviceId,
    long sizeBytes,
    long links,
    String linkTarget,
    List<ExtendedAttribute> extendedAttributes,
    SortedMap<String, String> genericAttributes,
    long device,
    @Nullable BlobIds content,
    @Nullable BlobId subtree,
    String error) {

  public Node {
    extendedAttributes = List.copyOf(extendedAttributes);
    genericAttributes =
        genericAttributes.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(genericAttributes));
  }

  public boolean isDirectory() {
    return type == NodeType.DIR;
  }

  public boolean isFile() {
    return type == NodeType.FILE;
  }

  /// Starts a node of `type` with everything else zero or empty.
  public static NodeBuilder builder(String name, NodeType type) {
    return new NodeBuilder(name, type);
  }

  /// A builder that starts with this node's values.
  public NodeBuilder toBuilder() {
    return new NodeBuilder(this);
  }
}
