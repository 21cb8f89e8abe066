package dev.holdfast.engine.source.files;

import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;

/// Closes descriptors that were only read from.
public final class Descriptors {
  private Descriptors() {}

  /// Closes `fd`. Whatever the kernel says of it, the descriptor is gone and nothing was lost.
  public static void close(int fd) {
    try {
      Posix.close(fd);
    } catch (PosixException e) {
      // Nothing was written through it.
      return;
    }
  }
}
