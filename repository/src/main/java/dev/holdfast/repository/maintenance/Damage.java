package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which blobs, trees and entries which findings are about, for [EffectFinder]. Thread-safe.
final class Damage {
  /// Bounds memory where everything is damaged, to some 100 MiB; effects are lower bounds then.
  static final int MAX_TRACKED = 500_000;

  private final Map<BlobHandle, Set<Integer>> blobs = new HashMap<>();
  private final Map<BlobId, Map<String, Integer>> entries = new HashMap<>();
  private int tracked;
  private boolean complete = true;

  /// A blob cannot be read, for the reason that is finding number `finding`.
  synchronized void blob(BlobHandle blob, int finding) {
    if (mayTrack(finding)) {
      blobs.computeIfAbsent(blob, key -> new HashSet<>(2)).add(finding);
    }
  }

  /// An entry of a tree is wrong in itself.
  synchronized void entry(BlobId tree, String name, int finding) {
    if (mayTrack(finding)) {
      entries.computeIfAbsent(tree, key -> new HashMap<>()).put(name, finding);
    }
  }

  private boolean mayTrack(int finding) {
    if (finding == Findings.NOT_KEPT || tracked == MAX_TRACKED) {
      complete = false;
      return false;
    }
    tracked++;
    return true;
  }

  synchronized boolean isEmpty() {
    return blobs.isEmpty() && entries.isEmpty();
  }

  synchronized boolean isComplete() {
    return complete;
  }

  /// The findings about a blob, or null.
  synchronized @Nullable Set<Integer> of(BlobHandle blob) {
    return blobs.get(blob);
  }

  /// The findings about entries of a tree by name; empty if there are none.
  synchronized Map<String, Integer> of(BlobId tree) {
    return entries.getOrDefault(tree, Map.of());
  }
}
