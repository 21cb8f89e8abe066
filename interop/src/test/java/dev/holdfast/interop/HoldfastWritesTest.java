package dev.holdfast.interop;

import static dev.holdfast.interop.Workplace.restored;
import static dev.holdfast.interop.Workplace.savedSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.RandomTree;
import dev.holdfast.testkit.ResticProgram;
import dev.holdfast.testkit.TreeComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Holdfast wrote, in the hands of restic, and what Holdfast makes of it afterwards.
class HoldfastWritesTest {
  private static final long SEED = 20_260_101;
  private static final int ENTRIES = 120;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1,off", "2,off", "2,auto", "2,max"})
  void resticChecksListsAndRestoresWhatHoldfastBackedUp(int version, String compression)
      throws IOException {
    Workplace work = Workplace.in(folder);
    Path tree = folder.resolve("tree");
    RandomTree.create(tree.toString(), SEED, ENTRIES);
    work.init(version);
    String snapshot =
        savedSnapshot(
            work.holdfast()
                .run("backup", "--compression", compression, tree.toString())
                .succeeded()
                .output());

    work.restic().checkClean();
    assertThat(work.newerRestic().run("ls", snapshot).succeeded().lines())
        .isEqualTo(work.holdfast().run("ls", snapshot).succeeded().lines());
    Path target = folder.resolve("by-restic");
    work.restic().run("restore", snapshot, "--target", target.toString()).succeeded();
    TreeComparison.assertEqual(tree.toString(), restored(target, tree).toString());
  }

  @Test
  void everyCommandOfResticWorksOnIt() throws IOException {
    Workplace work = Workplace.in(folder);
    Path tree = folder.resolve("tree");
    RandomTree.create(tree.toString(), SEED + 1, ENTRIES);
    work.init(2);
    String first = savedSnapshot(backup(work, tree));
    Files.writeString(tree.resolve("added later"), "something new");
    String second = savedSnapshot(backup(work, tree));

    ResticProgram restic = work.restic();
    assertThat(restic.run("diff", first, second).succeeded().output()).contains("added later");
    assertThat(restic.run("find", "added later").succeeded().output()).contains("added later");
    assertThat(restic.run("stats", "--mode", "raw-data").succeeded().output())
        .contains("Total Size");
    assertThat(restic.run("stats", second).succeeded().output()).contains("Total File Count");
    restic.run("tag", "--add", "kept", second).succeeded();
    assertThat(work.holdfast().run("snapshots", "--tag", "kept", "--json").succeeded().output())
        .contains("\"kept\"");

    rewriteWithout(work, "added later");
    Workplace copy = work.beside("copy");
    copyTo(copy, work);
    copy.restic().checkClean();
    assertThat(copy.holdfast().run("snapshots", "--json").succeeded().output())
        .contains("\"kept\"");

    restic.run("forget", "--keep-last", "1", "--group-by", "", "--prune").succeeded();
    restic.checkClean();
    work.holdfast().run("check", "--read-data").succeeded();
    Path target = folder.resolve("by-holdfast");
    work.holdfast().run("restore", "latest", "--target", target.toString()).succeeded();
    Files.delete(tree.resolve("added later"));
    assertThat(TreeComparison.differences(tree.toString(), restored(target, tree).toString()))
        .allMatch(difference -> difference.startsWith(".:"));
  }

  /// `rewrite` re-encodes every tree and refuses when the bytes differ from its own: the hardest
  /// test of the tree's bytes.
  private static void rewriteWithout(Workplace work, String name) {
    work.newerRestic().run("rewrite", "--exclude", name, "--forget").succeeded();
    assertThat(work.holdfast().run("ls", "latest").succeeded().output()).doesNotContain(name);
    work.restic().checkClean();
  }

  private static void copyTo(Workplace copy, Workplace work) {
    copy.restic()
        .command("init", "--copy-chunker-params", "--repo2", work.restic().repository().toString())
        .withEnvironment("RESTIC_PASSWORD2", work.password())
        .run()
        .succeeded();
    work.restic()
        .command("copy", "--repo2", copy.restic().repository().toString())
        .withEnvironment("RESTIC_PASSWORD2", work.password())
        .run()
        .succeeded();
  }

  @ParameterizedTest
  @CsvSource({"1,off", "2,auto"})
  void aSecondBackupByResticOfAnUnchangedTreeAddsNoBlobsAtAll(int version, String compression)
      throws IOException {
    Workplace work = Workplace.in(folder);
    // Of an absolute path the folders above are stored as well, and /tmp changes all the time.
    Path above = Files.createDirectory(folder.resolve("above"));
    RandomTree.create(above.resolve("tree").toString(), SEED + 2, ENTRIES);
    work.init(version);
    work.holdfast()
        .command("backup", "--compression", compression, "above/tree")
        .in(folder)
        .run()
        .succeeded();
    String output =
        work.restic()
            .command("backup", "--json", "--force", "above/tree")
            .in(folder)
            .run()
            .succeeded()
            .output();
    List<String> summary =
        output.lines().filter(line -> line.contains("\"message_type\":\"summary\"")).toList();
    assertThat(summary)
        .singleElement()
        .asString()
        .contains("\"data_blobs\":0", "\"tree_blobs\":0", "\"data_added\":0");
  }

  private static String backup(Workplace work, Path tree) {
    return work.holdfast().run("backup", tree.toString()).succeeded().output();
  }
}
