package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--limit-upload` and `--limit-download`, on the real clock: what is not limited may take as long
/// as it likes, so only the least time is asked for.
class TransferLimitTest {
  private static final int CONTENT_BYTES = 600 << 10;

  @TempDir Path scratch;

  @Test
  void bytesGoNoFasterThanWasAskedForEitherWay() throws Exception {
    Run run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    byte[] content = new byte[CONTENT_BYTES];
    new Random(1).nextBytes(content);
    Path file = Files.write(scratch.resolve("file"), content);

    long begin = System.nanoTime();
    run.holdfast("backup", "--limit-upload", "400", file.toString()).done();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1_450));

    begin = System.nanoTime();
    Path target = scratch.resolve("target");
    run.holdfast("restore", "latest", "--limit-download", "400", "--target", target.toString())
        .done();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1_450));
    assertThat(target.resolve(file.toString().substring(1))).hasBinaryContent(content);
  }

  @Test
  void zeroIsNoLimitAndLessIsRefused() {
    Run run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init", "--limit-upload", "0", "--limit-download=0").done();
    for (String limit : new String[] {"-1", "9223372036854775807"}) {
      assertThat(run.holdfast("snapshots", "--limit-upload=" + limit).with(1).err())
          .contains("--limit-upload " + limit + " is no rate");
    }
    assertThat(run.holdfast("snapshots", "--limit-download", "fast").with(2).err())
        .contains("--limit-download");
  }
}
