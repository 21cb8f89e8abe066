package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundTripTest {
  @TempDir Path scratch;

  private Path data = Path.of("");
  private Run run = Run.at(data);

  @BeforeEach
  void makeDataAndRepository() throws Exception {
    data = Files.createDirectories(scratch.resolve("data"));
    Files.writeString(data.resolve("note.txt"), "first");
    Files.createDirectories(data.resolve("deep/er"));
    Files.writeString(data.resolve("deep/er/file"), "below");
    run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
  }

  private String backup(String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "backup";
    arguments[1] = "--json";
    arguments[2] = data.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    String out = run.holdfast(arguments).done().out();
    Matcher id = Pattern.compile("\"snapshot_id\":\"([0-9a-f]{64})\"").matcher(out);
    assertThat(id.find()).as(out).isTrue();
    return id.group(1);
  }

  @Test
  void whatIsBackedUpComesBack() throws Exception {
    backup();
    Path target = scratch.resolve("target");
    String out =
        run.holdfast("restore", "latest:" + data, "--target", target.toString(), "--verify")
            .done()
            .out();
    assertThat(out).contains("Summary: Restored 4 files/dirs (10 B)", "finished verifying 2 files");
    assertThat(target.resolve("note.txt")).hasContent("first");
    assertThat(target.resolve("deep/er/file")).hasContent("below");
  }

  @Test
  void optionsThatAreGivenWithNothingAreNotGivenAsWithRestic() {
    String first = backup();
    List<String> empty = new ArrayList<>();
    for (String option :
        List.of(
            "--parent",
            "--host",
            "--time",
            "--exclude-larger-than",
            "--key-hint",
            "--password-file",
            "--password-command")) {
      empty.addAll(List.of(option, ""));
    }

    String second = backup(empty.toArray(String[]::new));

    String shown = run.holdfast("cat", "snapshot", second).done().out();
    assertThat(shown).contains("\"parent\": \"" + first).doesNotContain("\"hostname\": \"\"");
  }

  @Test
  void includesAndExcludesChooseWhatIsRestored() {
    backup();
    Path some = scratch.resolve("some");
    run.holdfast("restore", "latest", "-t", some.toString(), "--include", "note.txt").done();
    assertThat(some.resolve(data.toString().substring(1)).resolve("note.txt")).exists();
    assertThat(some.resolve(data.toString().substring(1)).resolve("deep")).doesNotExist();
    Path rest = scratch.resolve("rest");
    run.holdfast("restore", "latest:" + data, "-t", rest.toString(), "-e", "note.txt").done();
    assertThat(rest.resolve("note.txt")).doesNotExist();
    assertThat(rest.resolve("deep/er/file")).exists();
  }

  @Test
  void excludedFilesAreNotInTheSnapshot() {
    backup("--exclude", "*.txt");
    assertThat(run.holdfast("ls", "latest").done().out())
        .contains("/deep/er/file")
        .doesNotContain("note.txt");
  }

  @Test
  void snapshotsAreListedFilteredAndGrouped() {
    backup("--tag", "one,two", "--host", "alpha");
    backup("--tag", "three", "--host", "beta");
    assertThat(run.holdfast("snapshots").done().out())
        .contains("alpha", "beta", "one,two", "2 snapshots");
    assertThat(run.holdfast("snapshots", "--host", "beta").done().out())
        .contains("1 snapshots")
        .doesNotContain("alpha");
    assertThat(run.holdfast("snapshots", "--tag", "one,two").done().out()).contains("1 snapshots");
    assertThat(run.holdfast("snapshots", "--tag", "one,three").done().out()).isEmpty();
    assertThat(run.holdfast("snapshots", "--group-by", "host").done().out())
        .contains("snapshots for (host [alpha]):", "snapshots for (host [beta]):");
    assertThat(run.set("RESTIC_HOST", "alpha").holdfast("snapshots").done().out())
        .contains("1 snapshots");
  }

  @Test
  void latestIsFoundByPathsAsPeopleTypeThem() {
    backup();
    Path relative = Path.of("").toAbsolutePath().relativize(data.toAbsolutePath());
    for (String typed : List.of(data + "/", data + "/../data", relative.toString())) {
      assertThat(run.holdfast("ls", "latest", "--path", typed).done().out())
          .as(typed)
          .contains(data + "/note.txt");
    }
    run.holdfast("ls", "latest", "--path", data + "/deep").with(1);
  }

  @Test
  void allSnapshotsOfAPathAreFoundByItAsPeopleTypeIt() {
    backup();
    Path relative = Path.of("").toAbsolutePath().relativize(data.toAbsolutePath());
    for (String typed : List.of(data + "/", data + "/../data", relative.toString())) {
      assertThat(run.holdfast("snapshots", "--path", typed).done().out())
          .as(typed)
          .contains("1 snapshots");
    }
    assertThat(run.holdfast("snapshots", "--path", data + "/deep").done().out()).isEmpty();
    String copy = scratch.resolve("copy").toString();
    Run there =
        run.set("RESTIC_FROM_REPOSITORY", run.variables().get("RESTIC_REPOSITORY"))
            .set("RESTIC_FROM_PASSWORD", run.variables().get("RESTIC_PASSWORD"))
            .set("RESTIC_REPOSITORY", copy);
    there.holdfast("init").done();
    there.holdfast("copy", "--path", relative.toString()).done();
    assertThat(there.holdfast("snapshots").done().out()).contains("1 snapshots");
  }

  @Test
  void aLogOnAFullDiskKeepsNoBackupFromBeingMade() {
    Run.Ended ended = run.holdfastToFullDisk("backup", "--verbose", "--verbose", data.toString());
    assertThat(ended.with(1).err())
        .contains("standard output cannot be written: No space left on device");
    assertThat(run.holdfast("snapshots").done().out()).contains("1 snapshots");
    assertThat(run.holdfastToFullDisk("backup", "--help").with(1).err())
        .startsWith("holdfast: standard output cannot be written");
  }

  @Test
  void aHomeThatIsNoFolderKeepsNoBackupFromBeingMade() {
    // As of system users; root may look everywhere, so a home that is closed cannot be tried here.
    run.set("HOME", "/dev/null").holdfast("backup", data.toString()).done();
  }

  @Test
  void diffTellsAddedRemovedAndChangedFiles() throws Exception {
    String before = backup();
    Files.writeString(data.resolve("note.txt"), "second");
    Files.writeString(data.resolve("new"), "new");
    Files.delete(data.resolve("deep/er/file"));
    String after = backup();
    String out = run.holdfast("diff", before, after).done().out();
    assertThat(out)
        .contains("M    " + data + "/note.txt", "+    " + data + "/new")
        .contains("-    " + data + "/deep/er/file")
        .contains("Files:           1 new,     1 removed,     1 changed");
  }

  @Test
  void findNamesTheSnapshotsAndTheFiles() {
    String id = backup();
    assertThat(run.holdfast("find", "note.*").done().out())
        .startsWith("Found matching entries in snapshot " + id.substring(0, 8))
        .contains(data + "/note.txt");
    assertThat(run.holdfast("find", "--json", "nothing").done().out()).isEqualTo("[]\n");
  }

  @Test
  void dumpPrintsFilesAndPacksFolders() throws Exception {
    backup();
    assertThat(run.holdfast("dump", "latest", data + "/note.txt").done().out()).isEqualTo("first");
    Path archive = scratch.resolve("folder.tar");
    run.holdfast("dump", "latest:" + data, "/", "--target", archive.toString()).done();
    Process tar = new ProcessBuilder("tar", "tf", archive.toString()).start();
    String names = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tar.waitFor()).isZero();
    assertThat(names.lines())
        .containsExactlyInAnyOrder("note.txt", "deep/", "deep/er/", "deep/er/file");
  }

  @Test
  void missingSourceIsReportedAndTheRestIsStored() {
    Run.Ended ended =
        run.holdfast("backup", data.toString(), scratch.resolve("gone").toString()).with(3);
    assertThat(ended.err()).contains("gone", "at least one source file could not be read");
    assertThat(ended.out()).contains("snapshot ");
  }

  @Test
  void dryRunStoresNothing() {
    run.holdfast("backup", "--dry-run", data.toString()).done();
    assertThat(run.holdfast("snapshots", "--json").done().out()).isEqualTo("[]\n");
    assertThat(run.holdfast("list", "packs").done().out()).isEmpty();
  }

  @Test
  void standardInputBecomesFile() {
    run.type("from a pipe").holdfast("backup", "--stdin", "--stdin-filename", "piped").done();
    assertThat(run.holdfast("dump", "latest", "/piped").done().out()).isEqualTo("from a pipe");
  }

  @Test
  void commandThatFailsLeavesNoSnapshot() {
    run.holdfast("backup", "--stdin-from-command", "--", "sh", "-c", "echo half; exit 7").with(1);
    assertThat(run.holdfast("backup", "--stdin-from-command", "--", "/no such", "x").with(1).err())
        .contains("the command '/no such' cannot be started\nhint: it is run as it is");
    assertThat(run.holdfast("snapshots", "--json").done().out()).isEqualTo("[]\n");
  }

  @Test
  void checkFindsWhatIsMissingAndNamesTheFiles() throws Exception {
    backup();
    assertThat(run.holdfast("check", "--read-data").done().out())
        .endsWith("no errors were found\n");
    String blob = run.holdfast("list", "packs").done().out().lines().findFirst().orElseThrow();
    Files.delete(scratch.resolve("repository/data").resolve(blob.substring(0, 2)).resolve(blob));
    Run.Ended ended = run.holdfast("check").with(1);
    assertThat(ended.err()).contains("pack " + blob, "the repository contains errors");
    assertThat(run.holdfast("check", "--json").with(1).out())
        .contains("\"broken_packs\":[\"" + blob + "\"]");
  }

  @Test
  void statsCountInEveryMode() {
    backup();
    assertThat(run.holdfast("stats", "--json").done().out()).contains("\"total_size\":10");
    for (String mode : new String[] {"files-by-contents", "blobs-per-file", "raw-data"}) {
      assertThat(run.holdfast("stats", "--mode", mode).done().out())
          .contains("Stats in " + mode + " mode:", "Snapshots processed:  1");
    }
  }
}
