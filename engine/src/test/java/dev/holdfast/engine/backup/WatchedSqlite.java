package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Claim;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.sqlite.SqliteEngine;
import dev.holdfast.engine.source.sqlite.SqliteOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// SQLite, with something happening at the moment that a test wants.
final class WatchedSqlite implements DatabaseEngine {
  private final DatabaseEngine sqlite;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicReference<Event> beforeOpen = new AtomicReference<>(Event.NOTHING);
  private final AtomicReference<Event> afterOpen = new AtomicReference<>(Event.NOTHING);
  private volatile Event onRead = Event.NOTHING;

  /// Something that happens.
  interface Event {
    Event NOTHING = () -> {};

    void happen() throws Exception;
  }

  WatchedSqlite(Duration patience) {
    sqlite = new SqliteEngine(SqliteOptions.defaults().withPatience(patience));
  }

  /// Lets something happen once.
  void beforeOpen(Event event) {
    beforeOpen.set(event);
  }

  /// Lets something happen once.
  void afterOpen(Event event) {
    afterOpen.set(event);
  }

  /// Lets something happen with each read.
  void onRead(Event event) {
    onRead = event;
  }

  int opened() {
    return opened.get();
  }

  int openContents() {
    return open.get();
  }

  private static void happen(Event event) {
    try {
      event.happen();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String name() {
    return sqlite.name();
  }

  @Override
  public boolean recognizes(byte[] head, int length) {
    return sqlite.recognizes(head, length);
  }

  @Override
  public boolean recognizes(String path) throws IOException {
    return sqlite.recognizes(path);
  }

  @Override
  public List<String> sidecarSuffixes() {
    return sqlite.sidecarSuffixes();
  }

  @Override
  public Content open(String path) {
    happen(beforeOpen.getAndSet(Event.NOTHING));
    Content content = sqlite.open(path);
    opened.incrementAndGet();
    open.incrementAndGet();
    happen(afterOpen.getAndSet(Event.NOTHING));
    return new WatchedContent(content);
  }

  private final class WatchedContent implements Content {
    private final Content content;

    WatchedContent(Content content) {
      this.content = content;
    }

    @Override
    public long lengthBytes() {
      return content.lengthBytes();
    }

    @Override
    public Cutting cutting() {
      return content.cutting();
    }

    @Override
    public Claim claim() {
      return content.claim();
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) throws IOException {
      content.read(position, target, offset, length);
      happen(onRead);
    }

    @Override
    public void close() {
      content.close();
      open.decrementAndGet();
    }
  }
}
