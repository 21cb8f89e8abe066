package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Content;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The contents that are open at a time, so that none stays open when a backup ends early.
/// Thread-safe; closed when no worker uses any of them.
final class OpenContents implements AutoCloseable {
  private final Set<Content> open = ConcurrentHashMap.newKeySet();

  void opened(Content content) {
    open.add(content);
  }

  void close(Content content) {
    if (open.remove(content)) {
      content.close();
    }
  }

  @Override
  public void close() {
    open.forEach(this::close);
  }
}
