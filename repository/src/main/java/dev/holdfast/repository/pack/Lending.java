package dev.holdfast.repository.pack;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/// Lends things that only one thread may use at a time and that are dear to make: ciphers,
/// compression contexts, buffers. Makes as many as are in use at once and keeps them. Thread-safe.
public final class Lending<T extends AutoCloseable> implements AutoCloseable {
  private final Supplier<T> make;
  private final Deque<T> free = new ArrayDeque<>();
  private boolean closed;

  public Lending(Supplier<T> make) {
    this.make = make;
  }

  /// One that nobody else uses until [#giveBack].
  public T borrow() {
    synchronized (free) {
      if (closed) {
        throw new IllegalStateException("used after it was closed");
      }
      T thing = free.pollLast();
      if (thing != null) {
        return thing;
      }
    }
    return make.get();
  }

  /// Ends a loan.
  public void giveBack(T thing) {
    synchronized (free) {
      if (!closed) {
        free.addLast(thing);
        return;
      }
    }
    close(thing);
  }

  /// Closes what is not on loan; the rest is closed when it is given back.
  @Override
  public void close() {
    List<T> all;
    synchronized (free) {
      closed = true;
      all = new ArrayList<>(free);
      free.clear();
    }
    all.forEach(Lending::close);
  }

  private static void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot close " + thing, e);
    }
  }
}
