package dev.holdfast.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

/// How failures of files read.
class FailureTest {
  @Test
  void whatAnInterruptCutOffIsAnInterrupt() {
    IOException cut = new ClosedByInterruptException();
    for (Throwable thrown : new Throwable[] {cut, new UncheckedIOException(cut)}) {
      assertThat(Failure.of(thrown))
          .isEqualTo(new Failure(ExitCode.INTERRUPTED, "the command was interrupted", ""));
    }
  }

  @Test
  void whatWasWrongWithAFileIsSaidAndNotOnlyWhichItWas() {
    assertThat(Failure.of(new AccessDeniedException("/a")).message())
        .isEqualTo("/a: permission denied");
    assertThat(Failure.of(new EOFException()).message()).isEqualTo("EOFException");
  }
}
