package dev.holdfast.engine.backup;

import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.Hash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/// One number for the content of a source: SHA-256 over the ids of its blobs in order. Each id is
/// itself SHA-256 of what the blob holds, so it stands for every byte, costs nothing of another
/// look at them, and can be computed again from the snapshot's tree alone.
final class ContentHash {
  private ContentHash() {}

  /// @param parts the blobs of the source's files, in their order
  static String of(Collection<BlobIds> parts) {
    MessageDigest sha256 = sha256();
    ByteBuffer id = ByteBuffer.allocate(4 * Long.BYTES);
    for (BlobIds part : parts) {
      for (int i = 0; i < part.size(); i++) {
        Hash hash = part.get(i).hash();
        id.clear().putLong(hash.w0()).putLong(hash.w1()).putLong(hash.w2()).putLong(hash.w3());
        sha256.update(id.array());
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
