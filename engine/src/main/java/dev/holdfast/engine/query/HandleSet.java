package dev.holdfast.engine.query;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.index.IdTable;
import java.util.function.Consumer;

/// A set of blobs for counting, as compact as [IdTable], because a large database has millions. Not
/// thread-safe.
final class HandleSet {
  private final IdTable data = new IdTable();
  private final IdTable trees = new IdTable();

  int size() {
    return data.size() + trees.size();
  }

  /// Adds a blob; whether it was not there before.
  boolean add(BlobHandle handle) {
    return add(handle.type(), handle.id());
  }

  /// Adds a blob; whether it was not there before.
  boolean add(BlobType type, BlobId id) {
    return table(type).add(id.hash());
  }

  boolean contains(BlobHandle handle) {
    return table(handle.type()).contains(handle.id().hash());
  }

  void forEach(Consumer<BlobHandle> each) {
    for (BlobType type : BlobType.values()) {
      table(type).forEach((hash, _) -> each.accept(new BlobHandle(type, new BlobId(hash))));
    }
  }

  private IdTable table(BlobType type) {
    return switch (type) {
      case DATA -> data;
      case TREE -> trees;
    };
  }
}
