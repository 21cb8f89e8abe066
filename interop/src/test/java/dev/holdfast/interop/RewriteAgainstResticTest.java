package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `rewrite` makes of a repository what restic makes of a copy of it: the same trees, tags, times,
/// summaries and originals.
@Tag("slow")
class RewriteAgainstResticTest {
  @TempDir Path folder;
  private Workplace ours;
  private Path data;

  @BeforeEach
  void makeSnapshotsOfBothPrograms() throws IOException {
    ours = Workplace.in(folder);
    data = Files.createDirectories(folder.resolve("data/deep/deeper")).getParent().getParent();
    Files.writeString(data.resolve("keep.txt"), "keep");
    Files.writeString(data.resolve("Drop.TMP"), "drop");
    Files.writeString(data.resolve("deep/drop.tmp"), "drop too");
    Files.writeString(data.resolve("deep/deeper/only.tmp"), "leaves an empty folder");
    Files.createSymbolicLink(data.resolve("link"), Path.of("keep.txt"));
    ours.initByRestic(2);
    ours.restic().run("backup", "--tag", "old", data.toString()).succeeded();
    ours.newerRestic().run("backup", "--tag", "new", data.toString()).succeeded();
    ours.holdfast().run("backup", "--tag", "holdfast", data.toString()).succeeded();
  }

  @Test
  void treesAndFactsAreThoseThatResticMakes() throws IOException {
    compare("rewrite", "--exclude", "*.tmp", "--tag", "new");
    compare("rewrite", "--iexclude", "drop.tmp", "--forget");
    Path patterns = Files.writeString(folder.resolve("patterns"), "# comment\n/**/deeper\n");
    compare("rewrite", "--exclude-file", patterns.toString(), "--new-host", "elsewhere", "latest");
    compare("rewrite", "--new-time", "2026-01-31 12:00:00", "--forget", "--tag", "old");
    compare("rewrite", "--exclude", "*", "--tag", "holdfast", "--forget");

    assertThat(ours.holdfast().run("rewrite").exitCode()).isEqualTo(1);
    CommandResult dry =
        ours.holdfast().run("rewrite", "--dry-run", "--exclude", "keep.txt").succeeded();
    assertThat(dry.output()).contains("would save new snapshot", "would modify");
    ours.restic().checkClean();
  }

  /// Both programs do the same to two copies of one repository.
  private void compare(String... command) throws IOException {
    Workplace theirs = ours.beside("theirs");
    Command.of("rm", "-rf", folder.resolve("theirs").toString()).run().succeeded();
    Command.of(
            "cp",
            "-a",
            folder.resolve("repository").toString(),
            folder.resolve("theirs").toString())
        .run()
        .succeeded();
    CommandResult expected = theirs.newerRestic().run(command);
    CommandResult result = ours.holdfast().run(command);

    assertThat(result.exitCode()).as("%s", List.of(command)).isEqualTo(expected.exitCode());
    assertThat(ours.snapshotTexts()).as("%s", List.of(command)).isEqualTo(theirs.snapshotTexts());
  }
}
