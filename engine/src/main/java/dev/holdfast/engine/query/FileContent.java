package dev.holdfast.engine.query;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import java.io.IOException;
import java.io.OutputStream;

/// Reads the content of files in snapshots, from the start to the end.
public final class FileContent implements EntryContent {
  private final Repository repository;

  public FileContent(Repository repository) {
    this.repository = repository;
  }

  /// Writes a file's content to `target`, which stays open.
  ///
  /// @throws HoldfastException.Corrupt if a part of it is missing or damaged; what comes before has
  ///   been written
  @Override
  public void writeTo(EntryView file, OutputStream target) throws IOException {
    BlobIds content = file.node().content();
    if (!file.isFile() || content == null) {
      throw new HoldfastException.Rejected("'" + file.path() + "' is not a file", "");
    }
    for (int i = 0; i < content.size(); i++) {
      BlobId id = content.get(i);
      target.write(repository.loadBlob(new BlobHandle(BlobType.DATA, id)));
    }
  }
}
