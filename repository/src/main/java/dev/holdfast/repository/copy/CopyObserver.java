package dev.holdfast.repository.copy;

import dev.holdfast.repository.StoredSnapshot;

/// Told how copying goes on, in the thread that copies.
public interface CopyObserver {
  /// A snapshot is in the other repository already.
  void skipped(StoredSnapshot source, StoredSnapshot present);

  /// A snapshot was left out on purpose.
  void refused(StoredSnapshot source, String reason);

  /// The blobs of a snapshot begin to be copied.
  void started(StoredSnapshot source);

  /// A snapshot is whole and listed in the other repository.
  void saved(StoredSnapshot source, StoredSnapshot copy);
}
