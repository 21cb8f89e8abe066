package dev.holdfast.repository.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonTest {
  @Test
  void whatJavaTellsByTheTypeAloneIsPutIntoWords() {
    assertThat(Reason.of(new AccessDeniedException("/x"))).isEqualTo("permission denied");
    assertThat(Reason.of(new NoSuchFileException("/x"))).isEqualTo("no such file or folder");
  }

  @Test
  void whatJavaHasNoMessageForIsNotToldAsNothing() {
    assertThat(Reason.of(new ClosedByInterruptException())).isEqualTo("interrupted");
    assertThat(Reason.of(new EOFException())).isEqualTo("EOFException");
  }

  @Test
  void whatTheSystemSaidIsToldWithoutTheNameOfTheFile() {
    assertThat(Reason.of(new FileSystemException("/x", null, "No space left on device")))
        .isEqualTo("No space left on device");
    assertThat(Reason.of(new IOException("Is a directory"))).isEqualTo("Is a directory");
  }
}
