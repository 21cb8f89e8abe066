package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.HoldfastProgram;
import dev.holdfast.testkit.RcloneServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that goes away for good while it is worked on.
@Tag("slow")
final class ServerGoneTest {
  private static final int INTERRUPTED = 130;

  @TempDir private Path folder;

  @Test
  void backupThatIsToldToEndDoesSoThoughItsLockCannotBeRemoved() throws Exception {
    Path served = Files.createDirectory(folder.resolve("served"));
    Process backup;
    try (RcloneServer server = RcloneServer.start(served.toString())) {
      Command holdfast =
          HoldfastProgram.launcher()
              .with("-r", "rest:" + server.address())
              .with("--cache-dir", folder.resolve("cache").toString())
              .withEnvironment("RESTIC_PASSWORD", "correct horse");
      holdfast.with("init").run().succeeded();
      backup = holdfast.with("backup", "--stdin").start(); // of what nobody ever says
      while (locks(served) == 0) {
        assertThat(backup.waitFor(20, TimeUnit.MILLISECONDS)).as("ended too early").isFalse();
      }
    }
    try {
      // Not SIGINT, which whoever runs the tests in the background may have had ignored.
      backup.toHandle().destroy(); // and leave what it says to be read

      assertThat(backup.waitFor(1, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      backup.toHandle().destroyForcibly();
    }
    assertThat(backup.exitValue()).isEqualTo(INTERRUPTED);
    assertThat(new String(backup.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("interrupted")
        .doesNotContain("Exception");
    assertThat(locks(served)).as("the lock of a process that is gone").isEqualTo(1);
  }

  private static long locks(Path served) throws IOException {
    Path locks = served.resolve("locks");
    if (!Files.exists(locks)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(locks)) {
      return all.count();
    }
  }
}
