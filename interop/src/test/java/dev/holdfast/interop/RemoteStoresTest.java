package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.HoldfastProgram;
import dev.holdfast.testkit.RandomTree;
import dev.holdfast.testkit.RcloneServer;
import dev.holdfast.testkit.TreeComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Repositories on servers of restic's REST protocol and on machines that are reached by SSH, used
/// by Holdfast and by restic in turn.
@Tag("slow")
final class RemoteStoresTest {
  private static final long SEED = 20_261_121;
  private static final int ENTRIES = 60;
  private static final String PASSWORD = "correct horse";

  @TempDir private Path folder;

  @Test
  void bothProgramsWorkOnOneRepositoryOfARestServer() throws IOException {
    Path served = Files.createDirectory(folder.resolve("served"));
    try (RcloneServer server =
        RcloneServer.start(served.toString(), "--user", "ann", "--pass", "s3cret")) {
      takeTurns(List.of("-r", "rest:" + server.address().replace("//", "//ann:s3cret@") + "app/"));
    }
    assertThat(served.resolve("app/config")).isRegularFile();
  }

  @Test
  void bothProgramsWorkOnOneRepositoryBehindSsh() throws IOException {
    Path remote = folder.resolve("remote/repository");
    Path client = Ssh.configure(Files.createDirectory(folder.resolve("ssh")));
    takeTurns(List.of(Ssh.repository(client, remote)));
    assertThat(remote.resolve("config")).isRegularFile();
  }

  private void takeTurns(List<String> where) throws IOException {
    Command holdfast =
        HoldfastProgram.launcher()
            .with(where.toArray(String[]::new))
            .withEnvironment("HOLDFAST_PASSWORD", PASSWORD);
    Command restic =
        Command.of("restic")
            .with(where.toArray(String[]::new))
            .with("--cache-dir", folder.resolve("cache").toString())
            .withEnvironment("RESTIC_PASSWORD", PASSWORD);
    Path tree = folder.resolve("tree");
    RandomTree.create(tree.toString(), SEED, ENTRIES);

    assertThat(holdfast.with("init").run().succeeded().output())
        .contains("created holdfast repository")
        .doesNotContain("s3cret");
    String first =
        Workplace.savedSnapshot(
            holdfast.with("backup", tree.toString()).run().succeeded().output());
    restic.with("check", "--read-data").run().succeeded();
    Path byRestic = folder.resolve("by-restic");
    restic.with("restore", first, "--target", byRestic.toString()).run().succeeded();
    TreeComparison.assertEqual(tree.toString(), Workplace.restored(byRestic, tree).toString());

    Files.writeString(tree.resolve("added later"), "something new");
    String second =
        Workplace.savedSnapshot(restic.with("backup", tree.toString()).run().succeeded().output());
    Path byHoldfast = folder.resolve("by-holdfast");
    holdfast.with("restore", second, "--target", byHoldfast.toString()).run().succeeded();
    TreeComparison.assertEqual(tree.toString(), Workplace.restored(byHoldfast, tree).toString());

    holdfast.with("forget", "--keep-last", "1", "--group-by", "", "--prune").run().succeeded();
    holdfast.with("check", "--read-data").run().succeeded();
    restic.with("check", "--read-data").run().succeeded();
    assertThat(restic.with("list", "snapshots").run().succeeded().lines()).hasSize(1);
    assertThat(restic.with("list", "locks").run().succeeded().lines()).isEmpty();

    holdfast.with("backup", "--tag", "app:shop", tree.toString()).run().succeeded();
    Path metrics = folder.resolve("metrics");
    assertThat(
            holdfast.with("status", "--prometheus", metrics.toString()).run().succeeded().output())
        .contains("shop")
        .doesNotContain("s3cret");
    assertThat(metrics).content().contains("repository=").doesNotContain("s3cret");
  }
}
