package dev.holdfast.posix;

import java.io.IOException;

/// A system call failed.
public final class PosixException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /// @param call the system call and what it was applied to, such as `open /etc/shadow`
  /// @param errno the error number
  /// @param reason the system's words for it
  public PosixException(String call, int errno, String reason) {
    super(call + ": " + reason);
    this.errno = errno;
  }

  /// The error number, such as 2 for `ENOENT`.
  public int errno() {
    return errno;
  }
}
