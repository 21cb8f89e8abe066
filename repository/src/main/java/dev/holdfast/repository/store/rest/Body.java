package dev.holdfast.repository.store.rest;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Passes a response's bytes on as they come, and notes that they do.
final class Body implements BodySubscriber<Boolean> {
  /// Takes the bytes. What it throws ends the request and is thrown by it.
  interface Receiver {
    void take(ByteBuffer bytes) throws IOException;

    /// Called after the last of them.
    default void end() throws IOException {}
  }

  /// For responses of which nothing but the status matters.
  static final Receiver IGNORED = bytes -> {};

  private final CompletableFuture<Boolean> done = new CompletableFuture<>();
  private final Receiver receiver;
  private final Progress progress;
  private Flow.@Nullable Subscription subscription;

  Body(Receiver receiver, Progress progress) {
    this.receiver = receiver;
    this.progress = progress;
  }

  @Override
  public CompletionStage<Boolean> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    progress.made();
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    progress.made();
    Flow.Subscription source = subscription;
    if (source == null || done.isDone()) {
      return;
    }
    try {
      for (ByteBuffer buffer : buffers) {
        receiver.take(buffer);
      }
      source.request(1);
    } catch (IOException | RuntimeException e) {
      source.cancel();
      done.completeExceptionally(e);
    }
  }

  @Override
  public void onError(Throwable failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    try {
      receiver.end();
      done.complete(true);
    } catch (IOException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }
}
