package dev.holdfast.repository.format;

/// Index file to bytes and back (format sheet, section 6).
public final class IndexCodec {
  private static final int PACK_BYTES = 96;
  private static final int BLOB_BYTES = 160;

  private IndexCodec() {}

  public static byte[] encode(IndexFile file) {
    int expected = PACK_BYTES;
    for (IndexFile.Entry entry : file.packs()) {
      expected = Math.addExact(expected, PACK_BYTES + BLOB_BYTES * entry.blobs().size());
    }
    GoJson out = new GoJson(expected);
    out.beginObject().name("packs").beginArray();
    for (IndexFile.Entry entry : file.packs()) {
      out.beginObject().name("id").hash(entry.pack().hash()).name("blobs").beginArray();
      for (PackedBlob blob : entry.blobs()) {
        write(blob, out);
      }
      out.endArray().endObject();
    }
    return out.endArray().endObject().toLine();
  }

  private static void write(PackedBlob blob, GoJson out) {
    out.beginObject();
    out.name("id").hash(blob.handle().id().hash());
    out.name("type").string(blob.handle().type().jsonName());
    out.name("offset").number(blob.offset());
    out.name("length").number(blob.lengthBytes());
    if (blob.isCompressed()) {
      out.name("uncompressed_length").number(blob.uncompressedLengthBytes());
    }
    out.endObject();
  }

  /// Tells `visitor` what the index file says, pack by pack. Members that other programs add are
  /// skipped. When this throws, the visitor may have been told a part of it.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is no index file
  public static void decode(byte[] json, IndexVisitor visitor) {
    JsonReader.read(json, "index file", reader -> new IndexReader(reader, visitor).read());
  }
}
