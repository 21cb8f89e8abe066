package dev.holdfast.repository.store.rest;

/// When a request last made progress. Thread-safe.
final class Progress {
  private volatile long lastNanos = System.nanoTime();

  void made() {
    lastNanos = System.nanoTime();
  }

  /// For how long it made none.
  long idleNanos() {
    return System.nanoTime() - lastNanos;
  }
}
