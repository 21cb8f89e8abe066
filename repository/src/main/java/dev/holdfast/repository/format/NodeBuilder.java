package dev.holdfast.repository.format;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Builds a [Node] field by field. Not thread-safe.
public final class NodeBuilder {
  private static final OffsetDateTime EPOCH = Instant.EPOCH.atOffset(ZoneOffset.UTC);

  private String name;
  private NodeType type;
  private long mode;
  private OffsetDateTime modificationTime = EPOCH;
  private OffsetDateTime accessTime = EPOCH;
  private OffsetDateTime changeTime = EPOCH;
  private long uid;
  private long gid;
  private String user = "";
  private String group = "";
  private long inode;
  private long deviceId;
  private long sizeBytes;
  private long links;
  private String linkTarget = "";
  private List<ExtendedAttribute> extendedAttributes = List.of();
  private SortedMap<String, String> genericAttributes = new TreeMap<>();
  private long device;
  private @Nullable BlobIds content;
  private @Nullable BlobId subtree;
  private String error = "";

  NodeBuilder(String name, NodeType type) {
    this.name = name;
    this.type = type;
  }

  NodeBuilder(Node node) {
    name = node.name();
    type = node.type();
    mode = node.mode();
    modificationTime = node.modificationTime();
    accessTime = node.accessTime();
    changeTime = node.changeTime();
    uid = node.uid();
    gid = node.gid();
    user = node.user();
    group = node.group();
    inode = node.inode();
    deviceId = node.deviceId();
    sizeBytes = node.sizeBytes();
    links = node.links();
    linkTarget = node.linkTarget();
    extendedAttributes = node.extendedAttributes();
    genericAttributes = node.genericAttributes();
    device = node.device();
    content = node.content();
    subtree = node.subtree();
    error = node.error();
  }

  public NodeBuilder name(String value) {
    name = value;
    return this;
  }

  public NodeBuilder type(NodeType value) {
    type = value;
    return this;
  }

  public NodeBuilder mode(long value) {
    mode = value;
    return this;
  }

  public NodeBuilder modificationTime(OffsetDateTime value) {
    modificationTime = value;
    return this;
  }

  public NodeBuilder accessTime(OffsetDateTime value) {
    accessTime = value;
    return this;
  }

  public NodeBuilder changeTime(OffsetDateTime value) {
    changeTime = value;
    return this;
  }

  public NodeBuilder uid(long value) {
    uid = value;
    return this;
  }

  public NodeBuilder gid(long value) {
    gid = value;
    return this;
  }

  public NodeBuilder user(String value) {
    user = value;
    return this;
  }

  public NodeBuilder group(String value) {
    group = value;
    return this;
  }

  public NodeBuilder inode(long value) {
    inode = value;
    return this;
  }

  public NodeBuilder deviceId(long value) {
    deviceId = value;
    return this;
  }

  public NodeBuilder sizeBytes(long value) {
    sizeBytes = value;
    return this;
  }

  public NodeBuilder links(long value) {
    links = value;
    return this;
  }

  public NodeBuilder linkTarget(String value) {
    linkTarget = value;
    return this;
  }

  public NodeBuilder extendedAttributes(List<ExtendedAttribute> value) {
    extendedAttributes = value;
    return this;
  }

  public NodeBuilder genericAttributes(SortedMap<String, String> value) {
    genericAttributes = value;
    return this;
  }

  public NodeBuilder device(long value) {
    device = value;
    return this;
  }

  public NodeBuilder content(@Nullable BlobIds value) {
    content = value;
    return this;
  }

  public NodeBuilder subtree(@Nullable BlobId value) {
    subtree = value;
    return this;
  }

  public NodeBuilder error(String value) {
    error = value;
    return this;
  }

  public Node build() {
    return new Node(
        name,
        type,
        mode,
        modificationTime,
        accessTime,
        changeTime,
        uid,
        gid,
        user,
        group,
        inode,
        deviceId,
        sizeBytes,
        links,
        linkTarget,
        extendedAttributes,
        genericAttributes,
        device,
        content,
        subtree,
        error);
  }
}
