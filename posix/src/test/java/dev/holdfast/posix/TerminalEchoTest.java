package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is no terminal has no echo. Terminals are tried with passwords that are typed.
final class TerminalEchoTest {
  @TempDir private Path folder;

  @Test
  void aFileIsNoTerminalAndItsDescriptorIsLeftAlone() throws PosixException {
    int fd =
        Posix.open(folder.resolve("file").toString(), OpenFlag.O_RDWR | OpenFlag.O_CREAT, 0600);
    try (TerminalEcho echo = TerminalEcho.of(fd)) {
      assertThatExceptionOfType(PosixException.class)
          .isThrownBy(echo::hide)
          .matches(e -> e.errno() == Errno.ENOTTY);
    }
    Posix.close(fd);
  }

  @Test
  void whatIsClosedHasNone() {
    assertThatExceptionOfType(PosixException.class)
        .isThrownBy(() -> TerminalEcho.of(-1))
        .matches(e -> e.errno() == Errno.EBADF);
  }
}
