package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.drill.DrillObserver;
import java.util.List;

/// Shows a drill while it runs: what is being done, and how much is written.
final class DrillProgress implements DrillObserver, AutoCloseable {
  private final Session session;
  private final LiveStatus live;
  private String doing = "preparing";
  private long doneBytes;
  private long totalBytes;

  DrillProgress(Session session) {
    this.session = session;
    this.live = LiveStatus.start(session, this::draw);
  }

  @Override
  public synchronized void doing(String what) {
    doing = what;
  }

  @Override
  public synchronized void written(long done, long total) {
    doneBytes = done;
    totalBytes = total;
  }

  @Override
  public void notice(String text) {
    session.console().errorLine("holdfast: " + text);
  }

  private synchronized void draw(LiveStatus display) {
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("status")
                  .field("doing", doing)
                  .nonZero("bytes_done", doneBytes)
                  .nonZero("total_bytes", totalBytes)
                  .end());
      session.console().flush();
      return;
    }
    String bytes =
        totalBytes == 0
            ? ""
            : "  %s of %s".formatted(Sizes.bytes(doneBytes), Sizes.bytes(totalBytes));
    display.show(List.of(doing + bytes));
  }

  @Override
  public void close() {
    live.close();
  }
}
