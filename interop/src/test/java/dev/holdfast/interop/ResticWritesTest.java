package dev.holdfast.interop;

import static dev.holdfast.interop.Workplace.restored;
import static dev.holdfast.interop.Workplace.savedSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RandomTree;
import dev.holdfast.testkit.TreeComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What restic wrote, in the hands of Holdfast.
class ResticWritesTest {
  private static final long SEED = 20_260_202;
  private static final int ENTRIES = 120;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1,off", "2,off", "2,auto", "2,max"})
  void holdfastChecksListsAndRestoresWhatResticBackedUp(int version, String compression)
      throws IOException {
    Workplace work = Workplace.in(folder);
    Path tree = folder.resolve("tree");
    RandomTree.create(tree.toString(), SEED, ENTRIES);
    work.restic().init(version);
    String snapshot =
        savedSnapshot(
            (version == 1
                    ? work.restic().run("backup", tree.toString())
                    : work.restic().run("backup", "--compression", compression, tree.toString()))
                .succeeded()
                .output());

    work.holdfast().run("check", "--read-data").succeeded();
    assertThat(work.holdfast().run("ls", "-l", snapshot).succeeded().lines())
        .isEqualTo(work.newerRestic().run("ls", "-l", snapshot).succeeded().lines());
    Path target = folder.resolve("by-holdfast");
    work.holdfast().run("restore", snapshot, "--target", target.toString()).succeeded();
    TreeComparison.assertEqual(tree.toString(), restored(target, tree).toString());
  }

  @Test
  void aSecondBackupByHoldfastOfAnUnchangedTreeAddsNoBlobsAtAll() throws IOException {
    Workplace work = Workplace.in(folder);
    // Of an absolute path the folders above are stored as well, and /tmp changes all the time.
    Path above = Files.createDirectory(folder.resolve("above"));
    RandomTree.create(above.resolve("tree").toString(), SEED + 1, ENTRIES);
    work.restic().init(2);
    work.restic().command("backup", "above/tree").in(folder).run().succeeded();
    String summary =
        work.holdfast()
            .command("backup", "--json", "--force", "above/tree")
            .in(folder)
            .run()
            .succeeded()
            .output()
            .lines()
            .filter(line -> line.contains("\"message_type\":\"summary\""))
            .findFirst()
            .orElseThrow();
    assertThat(summary).contains("\"data_blobs\":0", "\"tree_blobs\":0", "\"data_added\":0");
    work.restic().checkClean();
  }

  @Test
  void theProgramsTakeTurnsOnOneTreeAndOneRepository() throws IOException {
    Workplace work = Workplace.in(folder);
    Path tree = folder.resolve("tree");
    RandomTree.create(tree.toString(), SEED + 2, ENTRIES);
    work.restic().init(2);
    for (int round = 0; round < 4; round++) {
      Files.writeString(tree.resolve("round"), "round " + round);
      String output =
          round % 2 == 0
              ? work.restic().run("backup", tree.toString()).succeeded().output()
              : work.holdfast().run("backup", tree.toString()).succeeded().output();
      Path target = folder.resolve("round-" + round);
      String snapshot = savedSnapshot(output);
      if (round % 2 == 0) {
        work.holdfast().run("restore", snapshot, "--target", target.toString()).succeeded();
      } else {
        work.restic().run("restore", snapshot, "--target", target.toString()).succeeded();
      }
      TreeComparison.assertEqual(tree.toString(), restored(target, tree).toString());
    }
    work.restic().run("forget", "--keep-last", "2", "--group-by", "", "--prune").succeeded();
    work.holdfast().run("check", "--read-data").succeeded();
    work.restic().checkClean();
  }
}
