package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random moments of prunes, while other processes back up into the same repository:
/// nothing is lost that a snapshot needs.
@Tag("slow")
class PruneKilledTest {
  private static final int ROUNDS = 6;
  private static final int FILES = 16;
  private static final int FILE_BYTES_MAX = 600_000;

  private final Killing killing = new Killing(PruneKilledTest.class);
  private final SplittableRandom random = killing.random();

  @TempDir Path folder;
  private Workplace work;
  private Path data;

  @Test
  void aKilledPruneAndBackupsBesideItLoseNothing() throws Exception {
    work = Workplace.in(folder);
    work.init(2);
    data = Files.createDirectory(folder.resolve("data"));
    for (int i = 0; i < FILES; i++) {
      write(i);
    }
    backup().run().succeeded();
    long whole = Killing.nanosOf(prune());
    for (int round = 1; round <= ROUNDS; round++) {
      for (int i = 0; i < FILES / 4; i++) {
        write(random.nextInt(FILES));
      }
      backup().run().succeeded();
      forget();
      killing.kill(prune(), whole, backup());
      killing.checkClean(work);
    }
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

  private void write(int number) throws IOException {
    byte[] content = new byte[random.nextInt(1, FILE_BYTES_MAX)];
    random.nextBytes(content);
    Files.write(data.resolve("file" + number), content);
  }
}
