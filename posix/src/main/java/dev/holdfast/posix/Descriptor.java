package dev.holdfast.posix;

import java.util.concurrent.atomic.AtomicBoolean;

/// Owns an open descriptor and closes it exactly once.
///
/// Closing is thread-safe; closing while another thread uses the number is not, as with any
/// descriptor.
public final class Descriptor implements AutoCloseable {
  private final int fd;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Descriptor(int fd) {
    this.fd = fd;
  }

  /// Takes over `fd`, which nobody else may close from now on.
  public static Descriptor own(int fd) {
    if (fd < 0) {
      throw new IllegalArgumentException("not a descriptor: " + fd);
    }
    return new Descriptor(fd);
  }

  /// Opens `path` as [Posix#open] does.
  public static Descriptor open(String path, int flags, int mode) throws PosixException {
    return new Descriptor(Posix.open(path, flags, mode));
  }

  /// Opens `path` relative to this directory, as [Posix#openat] does.
  public Descriptor openat(String path, int flags, int mode) throws PosixException {
    return new Descriptor(Posix.openat(fd(), path, flags, mode));
  }

  /// The number, good until this is closed.
  ///
  /// @throws IllegalStateException if it is closed: the number may stand for another file
  public int fd() {
    if (closed.get()) {
      throw new IllegalStateException("descriptor " + fd + " is closed");
    }
    return fd;
  }

  /// Closes it; a second time does nothing.
  ///
  /// @throws PosixException if the system reports a late write error; it is closed nevertheless
  @Override
  public void close() throws PosixException {
    if (closed.compareAndSet(false, true)) {
      Posix.close(fd);
    }
  }

  @Override
  public String toString() {
    return "descriptor " + fd + (closed.get() ? " (closed)" : "");
  }
}
