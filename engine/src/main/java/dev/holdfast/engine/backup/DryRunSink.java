package dev.holdfast.engine.backup;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.write.SavedBlob;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Says of every blob whether it would have been added, and adds none. Stored sizes are those of
/// the plain bytes, as nothing is compressed.
final class DryRunSink implements BlobSink {
  private final BlobIndex index;
  private final Set<BlobHandle> added = ConcurrentHashMap.newKeySet();
  private final ThreadLocal<Hasher> hashers = ThreadLocal.withInitial(Hasher::new);

  DryRunSink(BlobIndex index) {
    this.index = index;
  }

  @Override
  public SavedBlob save(BlobType type, byte[] data, int offset, int lengthBytes) {
    Hash hash = hashers.get().hash(data, offset, lengthBytes);
    BlobHandle handle = new BlobHandle(type, new BlobId(hash));
    boolean isNew = !index.contains(handle) && added.add(handle);
    return new SavedBlob(handle.id(), isNew, isNew ? lengthBytes : 0);
  }
}
