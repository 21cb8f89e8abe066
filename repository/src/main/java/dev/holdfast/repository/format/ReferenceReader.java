package dev.holdfast.repository.format;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads of a tree what it refers to.
final class ReferenceReader {
  private static final int FEW = 16;

  /// An id is in memory twice for a moment, while the list of them grows.
  private static final int ID_BYTES = 3 * Hash.BYTES;

  private final JsonReader json;
  private final BlobIds.Builder content = new BlobIds.Builder(FEW);
  private final BlobIds.Builder subtrees = new BlobIds.Builder(FEW);

  // The node that is being read. Its content may come before its type.
  private Optional<NodeType> type = Optional.empty();
  private BlobIds.Builder nodeContent = new BlobIds.Builder(FEW);
  private int nodeBlobs;
  private @Nullable Hash subtree;

  private ReferenceReader(JsonReader json) {
    this.json = json;
  }

  static TreeReferences read(byte[] bytes) {
    long room = Runtime.getRuntime().maxMemory() / 8 * 3;
    return JsonReader.read(bytes, "tree", room, json -> new ReferenceReader(json).tree());
  }

  private TreeReferences tree() {
    json.object(name -> {
      if (name.equals("nodes")) {
        json.array(this::node);
      } else {
        json.skip();
      }
    });
    return new TreeReferences(content.build(), subtrees.build());
  }

  private void node() {
    type = Optional.empty();
    nodeBlobs = 0;
    subtree = null;
    json.object(this::member);
    NodeType known = type.orElseThrow(() -> json.missing("type"));
    if (known == NodeType.FILE && nodeBlobs > 0) {
      nodeContent.build().forEach(content::add);
    }
    if (nodeBlobs > 0) {
      nodeContent = new BlobIds.Builder(FEW);
    }
    if (known == NodeType.DIR) {
      if (subtree == null) {
        throw json.corrupt("a directory has no tree");
      }
      subtrees.add(new BlobId(subtree));
    }
  }

  private void member(String name) {
    switch (name) {
      case "type" -> {
        type = NodeType.parse(json.string());
        if (type.isEmpty()) {
          throw json.wrong("a type of node that is known");
        }
      }
      case "subtree" -> subtree = json.hashOrNull();
      case "content" ->
          json.array(() -> {
            json.charge(ID_BYTES);
            nodeContent.add(new BlobId(json.hash()));
            nodeBlobs++;
          });
      default -> json.skip();
    }
  }
}
