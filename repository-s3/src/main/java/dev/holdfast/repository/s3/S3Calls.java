package dev.holdfast.repository.s3;

import static java.util.Objects.requireNonNull;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/// Makes calls to the server: a bounded number at once, each of which an interrupt ends.
///
/// A virtual thread does the call, because reading from a socket can be interrupted there and
/// nowhere else. The caller returns only when that thread has ended, so that buffers are its own
/// again. Thread-safe.
final class S3Calls implements AutoCloseable {
  /// One call.
  @FunctionalInterface
  interface Call<T> {
    T run(S3Client client) throws IOException;
  }

  private final S3Client client;
  private final S3Failures failures;
  private final Semaphore connections;

  S3Calls(S3Client client, S3Failures failures, int connections) {
    this.client = client;
    this.failures = failures;
    this.connections = new Semaphore(connections);
  }

  /// Makes a call and words its failure.
  ///
  /// @param doing what is tried, for messages
  <T> T make(String doing, Call<T> call) {
    try {
      return attempt(doing, call);
    } catch (CallFailed e) {
      throw failures.of(doing, e.reason);
    }
  }

  /// Makes a call.
  ///
  /// @throws CallFailed with what the SDK threw
  <T> T attempt(String doing, Call<T> call) throws CallFailed {
    if (Thread.currentThread().isInterrupted()) {
      throw new Cancelled("interrupted while trying to " + doing);
    }
    try {
      connections.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while trying to " + doing);
    }
    try {
      return run(doing, call);
    } finally {
      connections.release();
    }
  }

  HoldfastException failure(String doing, CallFailed failed) {
    return failures.of(doing, failed.reason);
  }

  private <T> T run(String doing, Call<T> call) throws CallFailed {
    AtomicReference<@Nullable T> result = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread worker =
        Thread.startVirtualThread(() -> {
          try {
            result.set(call.run(client));
          } catch (Throwable e) { // handed to the caller
            failure.set(e);
          }
        });
    boolean interrupted = join(worker);
    Throwable thrown = failure.get();
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while trying to " + doing);
    }
    if (thrown != null) {
      throw new CallFailed(thrown);
    }
    failures.answered();
    return requireNonNull(result.get());
  }

  /// Waits for the end of the call, which an interrupt brings about; returns whether there was one.
  private static boolean join(Thread worker) {
    boolean interrupted = false;
    while (true) {
      try {
        worker.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
        worker.interrupt();
      }
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /// What the SDK threw.
  static final class CallFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final Throwable reason;

    CallFailed(Throwable reason) {
      super(reason);
      this.reason = reason;
    }

    Throwable reason() {
      return reason;
    }
  }
}
