package dev.holdfast.repository.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads an index file.
final class IndexReader {
  private final JsonReader json;
  private final IndexVisitor visitor;

  // The blob that is being read.
  private @Nullable Hash id;
  private @Nullable BlobType type;
  private long offset;
  private long length;
  private int uncompressedLength;

  IndexReader(JsonReader json, IndexVisitor visitor) {
    this.json = json;
    this.visitor = visitor;
  }

  boolean read() {
    json.object(name -> {
      if (name.equals("packs")) {
        json.array(this::pack);
      } else {
        json.skip();
      }
    });
    return true;
  }

  private void pack() {
    PackReading reading = new PackReading();
    json.object(reading::member);
    reading.finish();
  }

  /// One pack. Its blobs go straight to the visitor once the pack's id is known, as it is from the
  /// start in every file that restic wrote.
  private final class PackReading {
    private final List<PackedBlob> waiting = new ArrayList<>();
    private @Nullable PackId pack;
    private int blobs;

    void member(String name) {
      switch (name) {
        case "id" -> begin(new PackId(json.hash()));
        case "blobs" -> json.array(() -> take(blob()));
        default -> json.skip();
      }
    }

    private void begin(PackId id) {
      if (pack != null) {
        throw json.corrupt("a pack has two ids");
      }
      pack = id;
      visitor.pack(id);
      waiting.forEach(blob -> visitor.blob(id, blob));
      waiting.clear();
    }

    private void take(PackedBlob blob) {
      if (++blobs > PackHeader.MAX_ENTRIES) {
        throw json.corrupt("a pack has more than " + PackHeader.MAX_ENTRIES + " blobs");
      }
      if (pack == null) {
        waiting.add(blob);
      } else {
        visitor.blob(pack, blob);
      }
    }

    void finish() {
      if (pack == null) {
        throw json.missing("id");
      }
    }
  }

  private PackedBlob blob() {
    id = null;
    type = null;
    offset = 0;
    length = 0;
    uncompressedLength = 0;
    json.object(this::blobMember);
    if (id == null) {
      throw json.missing("id");
    }
    if (type == null) {
      throw json.missing("type");
    }
    if (length == 0) {
      throw json.missing("length");
    }
    if (offset + length >= PackedBlob.OFFSET_LIMIT) {
      throw json.corrupt("blob " + id + " ends beyond 4 GiB");
    }
    return new PackedBlob(
        new BlobHandle(type, new BlobId(id)), offset, Math.toIntExact(length), uncompressedLength);
  }

  private void blobMember(String name) {
    switch (name) {
      case "id" -> id = json.hash();
      case "type" -> type = type(json.string());
      case "offset" -> offset = json.number(JsonReader.MAX_UNSIGNED_32);
      case "length" -> length = json.number(Integer.MAX_VALUE);
      case "uncompressed_length" -> uncompressedLength = json.number(Integer.MAX_VALUE);
      default -> json.skip();
    }
  }

  private BlobType type(String name) {
    return switch (name) {
      case "data" -> BlobType.DATA;
      case "tree" -> BlobType.TREE;
      default -> throw json.wrong("'data' or 'tree'");
    };
  }
}
