package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A configuration with several repositories: whoever names an app need not name its repository,
/// nor to finish what was interrupted.
@Tag("slow")
class RecoverResumeTest {
  private static final int BYTES = 48 << 20;
  private static final int NO_REPOSITORY = 10;
  private static final int WRONG_PASSWORD = 12;
  private static final int POLLS_MAX = 20_000;
  private static final int POLL_MILLIS = 2;

  @TempDir Path temporary;
  private Path folder;
  private Path data;
  private Path demo;

  @BeforeEach
  void twoAppsInTwoRepositories() throws IOException {
    folder = temporary.toRealPath();
    data = Files.createDirectory(folder.resolve("data"));
    demo = Files.createDirectory(folder.resolve("demo"));
    byte[] noise = new byte[BYTES];
    new SplittableRandom(11).nextBytes(noise);
    Files.write(data.resolve("noise"), noise);
    Files.writeString(data.resolve("state"), "then");
    Files.writeString(folder.resolve("secret"), "correct horse");
    Files.writeString(
        folder.resolve("holdfast.yaml"),
        """
        repositories:
          first: {location: %1$s/first, password-file: %1$s/secret}
          second: {location: %1$s/second, password-file: %1$s/secret}
        apps:
          demo:
            repository: first
            root: %1$s
            sources: {files: {path: demo}}
          shop:
            repository: second
            root: %1$s
            sources: {files: {path: data}}
        """
            .formatted(folder));
    holdfast("init", "-r", "first").run().succeeded();
    holdfast("init", "-r", "second").run().succeeded();
    CheapKey.in(folder.resolve("first"), "correct horse");
    CheapKey.in(folder.resolve("second"), "correct horse");
    holdfast("backup", "shop").run().succeeded();
    Files.writeString(data.resolve("state"), "now");
  }

  private Command holdfast(String... arguments) {
    return HoldfastProgram.launcher()
        .with(arguments)
        .withEnvironment("HOLDFAST_CONFIG", folder.resolve("holdfast.yaml").toString())
        .withEnvironment("XDG_STATE_HOME", folder.resolve("state").toString());
  }

  private boolean isStaging() throws IOException {
    Path journals = folder.resolve("state/holdfast/recover");
    if (!Files.isDirectory(journals)) {
      return false;
    }
    try (Stream<Path> all = Files.list(journals)) {
      for (Path journal : all.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
        if (Files.readString(journal).contains("\"step\":\"stage\"")) {
          return true;
        }
      }
    }
    return false;
  }

  private void killWhileStaging() throws Exception {
    Process process = holdfast("recover", "shop", "--yes", "--no-restore-point").start();
    try {
      for (int poll = 0; poll < POLLS_MAX && !isStaging(); poll++) {
        assertThat(process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)).as("too early").isFalse();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(Files.readString(data.resolve("state"))).isEqualTo("now");
  }

  @Test
  void whatWasInterruptedIsFinishedOrTakenBackFromTheRepositoryItBeganWith() throws Exception {
    for (String ending : List.of("rollback", "resume")) {
      killWhileStaging();

      holdfast("recover", ending, "shop").run().succeeded();

      assertThat(Files.readString(data.resolve("state")))
          .as(ending)
          .isEqualTo(ending.equals("resume") ? "then" : "now");
      try (Stream<Path> left = Files.list(folder.resolve("state/holdfast/recover"))) {
        for (Path journal : left.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
          Files.delete(journal);
        }
      }
    }
  }

  @Test
  void aRepositoryThatCannotBeOpenedKeepsTheRecoveryWaiting() throws Exception {
    killWhileStaging();
    Path repository = folder.resolve("second");
    Path away = folder.resolve("away");

    Files.move(repository, away);
    assertWaits(NO_REPOSITORY);
    Files.move(away, repository);
    Files.writeString(folder.resolve("secret"), "wrong");
    assertWaits(WRONG_PASSWORD);

    assertThat(holdfast("recover", "rollback", "shop", "--json").run().succeeded().output())
        .contains("\"ending\":\"unchanged\"");
    assertThat(Files.readString(data.resolve("state"))).isEqualTo("now");
    assertThat(holdfast("recover", "rollback", "shop").run().errors())
        .contains("the last of shop has ended: unchanged");
  }

  private void assertWaits(int exitCode) {
    CommandResult resumed = holdfast("recover", "resume", "shop").run();
    assertThat(resumed.exitCode()).as(resumed.errors()).isEqualTo(exitCode);
    assertThat(resumed.errors())
        .contains("needs its repository to go on")
        .contains("goes on when that is put right")
        .contains("takes it back");
    assertThat(holdfast("recover", "status").run().output())
        .contains("interrupted while writing the new state");
  }

  @Test
  void aCloneIsFromTheRepositoryOfTheOtherApp() throws Exception {
    holdfast("recover", "demo", "--from", "shop", "--yes").run().succeeded();

    assertThat(Files.readString(demo.resolve("state"))).isEqualTo("then");
    assertThat(Files.readString(data.resolve("state"))).isEqualTo("now");
  }
}
