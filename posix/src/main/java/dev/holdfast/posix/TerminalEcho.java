package dev.holdfast.posix;

/// The echo of a terminal, which is taken off while a password is typed and put back by [#close()],
/// whatever has become of the descriptor meanwhile: an interrupt closes the one that is read.
/// `tcsetattr(3)`, by the calls that it is made of on Linux. Safe for any number of threads.
public final class TerminalEcho implements AutoCloseable {
  private static final long TCGETS = 0x5401;
  private static final long TCSETS = 0x5402;

  /// `struct termios` of the kernel: input, output and control flags, four bytes each, and then
  /// those that are wanted.
  private static final int LOCAL_FLAGS_AT = 12;

  private static final int ECHO = 8;

  private final int fd;
  private boolean isHidden;
  private boolean isClosed;

  private TerminalEcho(int fd) {
    this.fd = fd;
  }

  /// That of the terminal of an open file.
  public static TerminalEcho of(int fd) throws PosixException {
    return new TerminalEcho(Posix.duplicate(fd));
  }

  /// Takes it off, unless it is off already or this is closed.
  ///
  /// @throws PosixException with `ENOTTY` if it is no terminal
  public synchronized void hide() throws PosixException {
    isHidden = isHidden || (!isClosed && change(false));
  }

  /// Puts it back, if [#hide()] took it off. Later calls do nothing.
  @Override
  public synchronized void close() throws PosixException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      if (isHidden) {
        change(true);
      }
    } finally {
      Posix.close(fd);
    }
  }

  /// Whether it was the other way before.
  private boolean change(boolean shown) throws PosixException {
    try (Scratch scratch = Scratch.borrow()) {
      FileCalls.IOCTL.check(
          FileCalls.IOCTL.call(scratch, fd, TCGETS, scratch.struct()), scratch, fd);
      int flags = scratch.structInt(LOCAL_FLAGS_AT);
      int wanted = shown ? flags | ECHO : flags & ~ECHO;
      if (wanted == flags) {
        return false;
      }
      scratch.putStructInt(LOCAL_FLAGS_AT, wanted);
      FileCalls.IOCTL.check(
          FileCalls.IOCTL.call(scratch, fd, TCSETS, scratch.struct()), scratch, fd);
      return true;
    }
  }
}
