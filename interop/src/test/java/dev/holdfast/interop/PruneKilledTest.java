package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random moments of prunes, while other processes back up into the same repository:
/// nothing is lost that a snapshot needs.
@Tag("slow")
class PruneKilledTest {
  private static final int ROUNDS = 8;
  private static final int FILES = 16;
  private static final int FILE_BYTES_MAX = 600_000;

  private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir Path folder;
  private Workplace work;
  private Path data;

  @Test
  void aKilledPruneAndBackupsBesideItLoseNothing() throws Exception {
    System.err.println("PruneKilledTest seed " + seed);
    work = Workplace.in(folder);
    work.holdfast().init(2);
    data = Files.createDirectory(folder.resolve("data"));
    for (int i = 0; i < FILES; i++) {
      write(i);
    }
    backup().run().succeeded();
    long whole = timeOf(prune());
    int saved = 1;
    for (int round = 1; round <= ROUNDS; round++) {
      for (int i = 0; i < FILES / 4; i++) {
        write(random.nextInt(FILES));
      }
      backup().run().succeeded();
      forget();
      Process prune = prune().start();
      CompletableFuture<CommandResult> beside = CompletableFuture.supplyAsync(backup()::run);
      prune.waitFor(random.nextLong(whole), TimeUnit.NANOSECONDS);
      prune.destroyForcibly().waitFor();
      CommandResult backup = beside.join();
      // Exit 11: the prune held the repository at that moment.
      assertThat(backup.exitCode()).as(backup.errors()).isIn(0, 11);
      saved += backup.exitCode() == 0 ? 1 : 0;
      CommandResult check = work.restic().run("check", "--no-lock", "--read-data");
      assertThat(check.exitCode())
          .as("seed %d, round %d: %s", seed, round, check.errors())
          .isZero();
    }
    assertThat(saved).isPositive();
    backup().run().succeeded();
    work.holdfast().run("prune", "--max-unused", "0").succeeded();
    work.restic().checkClean();
    Path target = folder.resolve("restored");
    work.restic().run("restore", "latest", "--target", target.toString()).succeeded();
    for (int i = 0; i < FILES; i++) {
      Path file = data.resolve("file" + i);
      assertThat(Files.readAllBytes(Workplace.restored(target, file)))
          .isEqualTo(Files.readAllBytes(file));
    }
  }

  private void forget() {
    work.holdfast().run("forget", "--keep-last", "2").succeeded();
  }

  private Command backup() {
    return work.holdfast().command("backup", data.toString());
  }

  private Command prune() {
    return work.holdfast().command("prune", "--max-unused", "0");
  }

  private static long timeOf(Command command) {
    long start = System.nanoTime();
    command.run().succeeded();
    return System.nanoTime() - start;
  }

  private void write(int number) throws IOException {
    byte[] content = new byte[random.nextInt(1, FILE_BYTES_MAX)];
    random.nextBytes(content);
    Files.write(data.resolve("file" + number), content);
  }
}
