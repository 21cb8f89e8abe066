package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/// What [FaultyStore] does to one call.
public sealed interface Fault {
  /// Nothing: the call goes through.
  record None() implements Fault {}

  /// Fails and has no effect. For a `put` this is also the torn write: publishing is atomic, so of
  /// one that was cut short nothing is visible.
  ///
  /// @param failure makes the exception to throw
  record Before(Supplier<? extends HoldfastException> failure) implements Fault {}

  /// Has its effect and fails all the same, as when the answer is lost on its way.
  ///
  /// @param failure makes the exception to throw
  record After(Supplier<? extends HoldfastException> failure) implements Fault {}

  /// Does something else first, in the thread of the call, which then goes through: interrupts the
  /// thread, moves a clock, lets another party act.
  record Meanwhile(Runnable action) implements Fault {}

  /// Turns one bit of what is read or, for `put`, of what is stored. No effect on other calls and
  /// on empty contents.
  ///
  /// @param index which bit, modulo the number of bits there are
  record FlipBit(long index) implements Fault {
    void apply(ByteBuffer bytes) {
      if (!bytes.hasRemaining()) {
        return;
      }
      int at =
          bytes.position() + Math.toIntExact(Math.floorMod(index / 8, (long) bytes.remaining()));
      bytes.put(at, (byte) (bytes.get(at) ^ (1 << Math.floorMod(index, 8))));
    }
  }

  /// Reads as if the object had lost its last bytes: `get` returns fewer, `read` fails with
  /// [HoldfastException.Corrupt], `length` tells fewer. No effect on other calls.
  ///
  /// @param missingBytes how many are gone
  record Shorten(int missingBytes) implements Fault {
    int kept(int length) {
      return Math.max(0, length - missingBytes);
    }

    long kept(long length) {
      return Math.max(0, length - missingBytes);
    }
  }

  /// An I/O error before the call has any effect.
  static Fault ioErrorBefore() {
    return new Before(Fault::injected);
  }

  /// An I/O error after the call had its effect.
  static Fault ioErrorAfter() {
    return new After(Fault::injected);
  }

  /// An outage that may pass, before the call has any effect.
  static Fault outageBefore() {
    return new Before(() -> new HoldfastException.Transient("injected outage", null));
  }

  /// An outage that may pass, after the call had its effect.
  static Fault outageAfter() {
    return new After(() -> new HoldfastException.Transient("injected outage", null));
  }

  private static HoldfastException injected() {
    return new HoldfastException.InputOutput("injected error", "", null);
  }
}
