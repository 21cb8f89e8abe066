package dev.holdfast.repository.format;

import dev.holdfast.posix.OsString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads one node of a tree.
final class NodeReader {
  private static final int FEW_BLOBS = 4;
  private static final int ATTRIBUTE_BYTES = 64;

  private final JsonReader json;
  private final NodeBuilder node = Node.builder("", NodeType.FILE);
  private boolean hasName;
  private boolean hasType;
  private byte @Nullable [] rawLinkTarget;

  NodeReader(JsonReader json) {
    this.json = json;
    node.modificationTime(GoTime.ZERO).accessTime(GoTime.ZERO).changeTime(GoTime.ZERO);
  }

  Node read() {
    json.object(this::member);
    if (!hasName) {
      throw json.missing("name");
    }
    if (!hasType) {
      throw json.missing("type");
    }
    if (rawLinkTarget != null) {
      node.linkTarget(OsString.decode(rawLinkTarget));
    }
    return node.build();
  }

  private void member(String name) {
    switch (name) {
      case "name" -> readName();
      case "type" -> readType();
      case "mode" -> node.mode(json.number(JsonReader.MAX_UNSIGNED_32));
      case "mtime" -> node.modificationTime(json.time());
      case "atime" -> node.accessTime(json.time());
      case "ctime" -> node.changeTime(json.time());
      case "uid" -> node.uid(json.number(JsonReader.MAX_UNSIGNED_32));
      case "gid" -> node.gid(json.number(JsonReader.MAX_UNSIGNED_32));
      case "user" -> node.user(json.sharedString());
      case "group" -> node.group(json.sharedString());
      case "inode" -> node.inode(json.unsigned64());
      case "device_id" -> node.deviceId(json.unsigned64());
      case "size" -> node.sizeBytes(json.number(Long.MAX_VALUE));
      case "links" -> node.links(json.unsigned64());
      case "linktarget" -> node.linkTarget(json.string());
      case "linktarget_raw" -> rawLinkTarget = json.base64();
      case "extended_attributes" -> readExtendedAttributes();
      case "generic_attributes" -> readGenericAttributes();
      case "device" -> node.device(json.unsigned64());
      case "content" -> node.content(readContent());
      case "subtree" -> readSubtree();
      case "error" -> node.error(json.string());
      default -> json.skip();
    }
  }

  private void readName() {
    String name = GoQuote.unquote(json.string());
    if (name == null) {
      throw json.wrong("a quoted name");
    }
    if (name.isEmpty()) {
      throw json.wrong("a name: it is empty");
    }
    node.name(name);
    hasName = true;
  }

  private void readType() {
    node.type(
        NodeType.parse(json.string())
            .orElseThrow(() -> json.wrong("a type of node that is known")));
    hasType = true;
  }

  private void readSubtree() {
    Hash hash = json.hashOrNull();
    node.subtree(hash == null ? null : new BlobId(hash));
  }

  private @Nullable BlobIds readContent() {
    if (json.isNull()) {
      return null;
    }
    BlobIds.Builder ids = new BlobIds.Builder(FEW_BLOBS);
    json.array(() -> {
      json.charge(2 * Hash.BYTES);
      ids.add(new BlobId(json.hash()));
    });
    return ids.build();
  }

  private void readExtendedAttributes() {
    List<ExtendedAttribute> attributes = new ArrayList<>();
    json.array(() -> {
      json.charge(ATTRIBUTE_BYTES);
      attributes.add(readExtendedAttribute());
    });
    node.extendedAttributes(attributes);
  }

  private ExtendedAttribute readExtendedAttribute() {
    AttributeFields fields = new AttributeFields();
    json.object(name -> {
      switch (name) {
        case "name" -> fields.name = json.string();
        case "value" -> fields.value = json.base64();
        default -> json.skip();
      }
    });
    byte @Nullable [] value = fields.value;
    json.charge(value == null ? 0 : 2L * value.length);
    return new ExtendedAttribute(
        fields.name, value == null ? null : HexFormat.of().formatHex(value));
  }

  private void readGenericAttributes() {
    TreeMap<String, String> attributes = new TreeMap<>(OsString::compare);
    if (!json.isNull()) {
      json.object(name -> {
        json.charge(ATTRIBUTE_BYTES + name.length());
        attributes.put(name, json.raw());
      });
    }
    node.genericAttributes(attributes);
  }

  private static final class AttributeFields {
    private String name = "";
    private byte @Nullable [] value;
  }
}
