package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Content;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// The contents that are open at a time, so that none stays open when a backup ends early.
/// Thread-safe; closed when no worker uses any of them.
final class OpenContents implements AutoCloseable {
  /// By identity: two contents may well be equal.
  private final Set<Content> open = Collections.newSetFromMap(new IdentityHashMap<>());

  synchronized void opened(Content content) {
    open.add(content);
  }

  void close(Content content) {
    boolean wasOpen;
    synchronized (this) {
      wasOpen = open.remove(content);
    }
    if (wasOpen) {
      content.close();
    }
  }

  @Override
  public void close() {
    List<Content> left;
    synchronized (this) {
      left = List.copyOf(open);
    }
    left.forEach(this::close);
  }
}
