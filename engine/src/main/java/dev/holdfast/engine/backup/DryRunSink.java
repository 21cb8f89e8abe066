package dev.holdfast.engine.backup;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.write.SavedBlob;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Says of every blob whether it would have been added, and adds none. Stored sizes are those of
/// the plain bytes, as nothing is compressed.
final class DryRunSink implements BlobSink {
  private final BlobIndex index;
  private final Set<BlobHandle> added = ConcurrentHashMap.newKeySet();
  private final ThreadLocal<MessageDigest> digest = ThreadLocal.withInitial(DryRunSink::sha256);

  DryRunSink(BlobIndex index) {
    this.index = index;
  }

  @Override
  public SavedBlob save(BlobType type, byte[] data, int offset, int lengthBytes) {
    MessageDigest sha256 = digest.get();
    sha256.update(data, offset, lengthBytes);
    BlobHandle handle = new BlobHandle(type, new BlobId(Hash.read(sha256.digest(), 0)));
    boolean isNew = !index.contains(handle) && added.add(handle);
    return new SavedBlob(handle.id(), isNew, isNew ? lengthBytes : 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
