package dev.holdfast.repository.restore;

import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.Node;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A regular file whose content is to be restored. Planned by one thread, then shared by the
/// workers.
final class PlannedFile {
  private final PlannedDirectory directory;
  private final Node node;
  private final BlobIds content;
  private final long sizeBytes;
  private final TargetView.Match match;

  /// Blobs still to be written, and one more until all are planned.
  private final AtomicInteger outstanding = new AtomicInteger(1);

  private volatile @Nullable String damage;

  /// Set under this object's monitor, by the worker that opens the file first.
  private boolean created;

  /// @param sizeBytes what the blobs add up to
  /// @param match what the existing file has of the content
  PlannedFile(
      PlannedDirectory directory,
      Node node,
      BlobIds content,
      long sizeBytes,
      TargetView.Match match) {
    this.directory = directory;
    this.node = node;
    this.content = content;
    this.sizeBytes = sizeBytes;
    this.match = match;
  }

  PlannedDirectory directory() {
    return directory;
  }

  Node node() {
    return node;
  }

  String name() {
    return node.name();
  }

  BlobIds content() {
    return content;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  String path() {
    return directory.path(node.name());
  }

  /// What the target has of it.
  TargetView.Match match() {
    return match;
  }

  /// One more blob is to be written.
  void expect() {
    outstanding.incrementAndGet();
  }

  /// One blob was written or given up, or planning ended. Returns true for the last: the caller
  /// then finishes the file.
  boolean settle() {
    return outstanding.decrementAndGet() == 0;
  }

  /// Whether a part of its content is there and a part is not. Once no worker is at work.
  boolean isUnfinished() {
    return created && !match.isWhole() && outstanding.get() > 0;
  }

  /// Some of the content could not be restored; the first reason is kept.
  synchronized void markDamaged(String reason) {
    if (damage == null) {
      damage = reason;
    }
  }

  /// Why the content is not complete, or null if nothing is wrong.
  @Nullable String damage() {
    return damage;
  }

  boolean isCreated() {
    return created;
  }

  void setCreated() {
    created = true;
  }
}
