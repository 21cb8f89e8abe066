package dev.holdfast.repository.store.rest;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/// Sends the bytes of a buffer in pieces, as fast as the connection asks for them, and notes when
/// it does. May be subscribed to again: the client sends a request once more by itself when a kept
/// connection turns out to be closed.
final class Pieces implements BodyPublisher {
  private static final int PIECE_BYTES = 64 * 1024;

  private final ByteBuffer content;
  private final Progress progress;

  /// @param content of which neither position nor bytes change until the request is over
  Pieces(ByteBuffer content, Progress progress) {
    this.content = content;
    this.progress = progress;
  }

  @Override
  public long contentLength() {
    return content.remaining();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new Sending(content.asReadOnlyBuffer(), subscriber));
  }

  /// One sending. The subscriber may ask for more from within its own `onNext`, so what is asked
  /// for is counted and given out by whoever came first.
  private final class Sending implements Flow.Subscription {
    private final ByteBuffer rest;
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private long wanted;
    private boolean giving;
    private boolean ended;

    Sending(ByteBuffer rest, Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.rest = rest;
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      progress.made();
      synchronized (this) {
        wanted = Math.max(wanted + count, count);
        if (giving) {
          return;
        }
        giving = true;
      }
      while (isNextWanted()) {
        give();
      }
    }

    private synchronized boolean isNextWanted() {
      if (ended || wanted == 0) {
        giving = false;
        return false;
      }
      wanted--;
      return true;
    }

    private void give() {
      if (rest.hasRemaining()) {
        int length = Math.min(PIECE_BYTES, rest.remaining());
        ByteBuffer piece = rest.slice(rest.position(), length);
        rest.position(rest.position() + length);
        subscriber.onNext(piece);
      }
      if (!rest.hasRemaining() && !hasEnded()) {
        cancel();
        subscriber.onComplete();
      }
    }

    private synchronized boolean hasEnded() {
      return ended;
    }

    @Override
    public synchronized void cancel() {
      ended = true;
    }
  }
}
