package dev.holdfast.engine.query;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackId;
import java.util.Set;
import java.util.TreeSet;

/// In which packs the content of something lies. One thread at a time.
public final class ContentPacks {
  private final Repository repository;
  private final Set<PackId> packs = new TreeSet<>();

  public ContentPacks(Repository repository) {
    this.repository = repository;
  }

  /// Adds those of a file, or of everything in a folder. What is not there has none.
  public ContentPacks add(SnapshotPath at) {
    try {
      EntryView entry = new Walker(repository).entryAt(at);
      add(entry);
      if (entry.isDirectory()) {
        new Walker(repository)
            .walk(
                at,
                each -> {
                  add(each);
                  return true;
                });
      }
    } catch (HoldfastException.NotFound e) {
      return this;
    }
    return this;
  }

  private void add(EntryView entry) {
    BlobIds content = entry.node().content();
    if (content != null) {
      content.forEach(id -> {
        BlobHandle blob = new BlobHandle(BlobType.DATA, id);
        repository.index().findAll(blob).forEach(location -> packs.add(location.pack()));
      });
    }
  }

  public Set<PackId> packs() {
    return packs;
  }
}
