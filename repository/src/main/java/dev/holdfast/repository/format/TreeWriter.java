package dev.holdfast.repository.format;

import dev.holdfast.posix.OsString;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes trees. Members appear in the order of restic's `Node`, and zero or empty ones are left
/// out where Go's `omitempty` leaves them out.
final class TreeWriter {
  /// A guess: a node of an ordinary file with one blob.
  private static final int NODE_BYTES = 480;

  private static final int ID_BYTES = Hash.HEX_CHARS + 3;
  private static final long MAX_GUESS_BYTES = 1L << 30;

  private final GoJson out;

  private TreeWriter(GoJson out) {
    this.out = out;
  }

  static byte[] write(Tree tree) {
    GoJson out = new GoJson(expectedBytes(tree));
    TreeWriter writer = new TreeWriter(out);
    out.beginObject().name("nodes").beginArray();
    for (Node node : tree.nodes()) {
      writer.node(node);
    }
    return out.endArray().endObject().toLine();
  }

  private static int expectedBytes(Tree tree) {
    long bytes = 0;
    for (Node node : tree.nodes()) {
      BlobIds content = node.content();
      bytes += NODE_BYTES + (content == null ? 0 : (long) content.size() * ID_BYTES);
    }
    return (int) Math.min(bytes, MAX_GUESS_BYTES);
  }

  private void node(Node node) {
    out.beginObject();
    out.name("name").quotedName(node.name());
    out.name("type").string(node.type().jsonName());
    unlessZero("mode", node.mode());
    out.name("mtime").time(node.modificationTime());
    out.name("atime").time(node.accessTime());
    out.name("ctime").time(node.changeTime());
    out.name("uid").number(node.uid());
    out.name("gid").number(node.gid());
    unlessEmpty("user", node.user());
    unlessEmpty("group", node.group());
    unlessZero("inode", node.inode());
    unlessZero("device_id", node.deviceId());
    unlessZero("size", node.sizeBytes());
    unlessZero("links", node.links());
    linkTarget(node.linkTarget());
    extendedAttributes(node.extendedAttributes());
    genericAttributes(node.genericAttributes());
    unlessZero("device", node.device());
    content(node.content());
    BlobId subtree = node.subtree();
    if (subtree != null) {
      out.name("subtree").hash(subtree.hash());
    }
    unlessEmpty("error", node.error());
    out.endObject();
  }

  private void unlessZero(String name, long value) {
    if (value != 0) {
      out.name(name).unsigned(value);
    }
  }

  private void unlessEmpty(String name, String value) {
    if (!value.isEmpty()) {
      out.name(name).string(value);
    }
  }

  private void linkTarget(String target) {
    unlessEmpty("linktarget", target);
    if (!OsString.isValidUtf8(target)) {
      out.name("linktarget_raw").base64(OsString.encode(target));
    }
  }

  private void extendedAttributes(List<ExtendedAttribute> attributes) {
    if (attributes.isEmpty()) {
      return;
    }
    out.name("extended_attributes").beginArray();
    for (ExtendedAttribute attribute : attributes) {
      out.beginObject().name("name").string(attribute.name()).name("value");
      if (attribute.valueHex() == null) {
        out.nul();
      } else {
        out.base64(attribute.valueBytes());
      }
      out.endObject();
    }
    out.endArray();
  }

  private void genericAttributes(SortedMap<String, String> attributes) {
    if (attributes.isEmpty()) {
      return;
    }
    SortedMap<String, String> sorted = new TreeMap<>(OsString::compare);
    sorted.putAll(attributes);
    out.name("generic_attributes").beginObject();
    for (Map.Entry<String, String> attribute : sorted.entrySet()) {
      out.member(attribute.getKey()).raw(attribute.getValue());
    }
    out.endObject();
  }

  private void content(@Nullable BlobIds content) {
    out.name("content");
    if (content == null) {
      out.nul();
      return;
    }
    out.beginArray();
    for (int i = 0; i < content.size(); i++) {
      out.hash(content.get(i).hash());
    }
    out.endArray();
  }
}
