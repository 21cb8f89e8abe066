package dev.holdfast.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A function of the C library, looked up when it is first called.
///
/// All of them go through one method handle of six machine words, because at start-up the first
/// handle costs tens of milliseconds and each further shape of function three more. That is sound
/// for what is called here: in the calling conventions of Linux on x86-64 and aarch64 the first six
/// integers and pointers travel in registers as whole words, the callee ignores the upper half of
/// an `int` and the registers that it has no parameter for. No function here takes floating-point
/// numbers or structs by value.
final class Native {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle INVOKE = link();

  private final String name;
  private final boolean returnsInt;
  private volatile MemorySegment address = MemorySegment.NULL;

  private Native(String name, boolean returnsInt) {
    this.name = name;
    this.returnsInt = returnsInt;
  }

  /// A function that returns an `int`.
  static Native returningInt(String name) {
    return new Native(name, true);
  }

  /// A function that returns a `long`, a `ssize_t` or a pointer.
  static Native returningLong(String name) {
    return new Native(name, false);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link() {
    return LINKER.downcallHandle(
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.captureCallState("errno"));
  }

  long call(Scratch scratch, long a) {
    return call(scratch, a, 0, 0, 0, 0, 0);
  }

  long call(Scratch scratch, long a, long b) {
    return call(scratch, a, b, 0, 0, 0, 0);
  }

  long call(Scratch scratch, long a, long b, long c) {
    return call(scratch, a, b, c, 0, 0, 0);
  }

  long call(Scratch scratch, long a, long b, long c, long d) {
    return call(scratch, a, b, c, d, 0, 0);
  }

  long call(Scratch scratch, long a, long b, long c, long d, long e) {
    return call(scratch, a, b, c, d, e, 0);
  }

  /// Calls the function, again as long as a signal interrupts it.
  ///
  /// @return what it returned, -1 for a failure; `errno` is in `scratch` then
  long call(Scratch scratch, long a, long b, long c, long d, long e, long f) {
    long result;
    do {
      result = callOnce(scratch, a, b, c, d, e, f);
    } while (result == -1 && scratch.errno() == Errno.EINTR);
    return result;
  }

  /// Calls the function one time. The only right way for `close`, which has closed even when it
  /// says that it was interrupted.
  @SuppressWarnings("IllegalCatch")
  long callOnce(Scratch scratch, long a, long b, long c, long d, long e, long f) {
    try {
      long result = (long) INVOKE.invokeExact(address(), scratch.errnoSegment(), a, b, c, d, e, f);
      return returnsInt ? (int) result : result;
    } catch (Throwable bug) {
      throw new IllegalStateException("cannot call " + name, bug);
    }
  }

  /// Passes `result` on unless it says that the call failed.
  ///
  /// @param what the name or descriptor that the call was about
  long check(long result, Scratch scratch, String what) throws PosixException {
    if (result == -1) {
      throw failure(scratch.errno(), name, what);
    }
    return result;
  }

  /// The same for a call about an open descriptor.
  long check(long result, Scratch scratch, int fd) throws PosixException {
    if (result == -1) {
      throw failure(scratch.errno(), name, "descriptor " + fd);
    }
    return result;
  }

  private MemorySegment address() {
    MemorySegment known = address;
    if (known.equals(MemorySegment.NULL)) {
      known = LINKER.defaultLookup().findOrThrow(name);
      address = known;
    }
    return known;
  }

  static PosixException failure(int errno, String call, String what) {
    return new PosixException(call + " " + OsString.display(what), errno, Errno.describe(errno));
  }
}
