package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists of what is backed up, in files.
class BackupListsTest {
  @TempDir Path folder;

  private Run run = Run.at(Path.of(""));

  @BeforeEach
  void makeDataAndRepository() throws Exception {
    Files.writeString(folder.resolve("one.txt"), "1");
    Files.writeString(folder.resolve("two.txt"), "2");
    Files.writeString(folder.resolve("[three]"), "3");
    run = Run.on(folder, folder.resolve("repository"));
    run.holdfast("init").done();
  }

  private Run.Ended backup(String option, String list) throws Exception {
    Path file = folder.resolve("list");
    Files.writeString(file, list.replace("@", folder.toString()));
    return run.holdfast("backup", "--quiet", option, file.toString());
  }

  private String stored() {
    String listed = run.holdfast("ls", "--json", "latest:" + folder).done().out();
    StringBuilder names = new StringBuilder();
    for (String line : listed.split("\n", -1)) {
      if (line.contains("\"type\":\"file\"")) {
        names
            .append(line, line.indexOf("\"name\":\"") + 8, line.indexOf("\",\"type\""))
            .append(' ');
      }
    }
    return names.toString().strip();
  }

  @Test
  void patternThatMatchesNothingIsToldAndTheRestIsStored() throws Exception {
    String err = backup("--files-from", "# texts\n\n  @/o*.txt \n@/nothing*\n").done().err();
    assertThat(err).contains("pattern '" + folder + "/nothing*' matches nothing and is left out");
    assertThat(stored()).isEqualTo("one.txt");
  }

  @Test
  void patternsThatAllMatchNothingAreNothingToBackUp() throws Exception {
    assertThat(backup("--files-from", "@/nothing*\n").with(1).err())
        .contains("nothing to back up was named");
  }

  @Test
  void pathThatWasNamedAndIsMissingMakesTheBackupIncomplete() throws Exception {
    assertThat(backup("--files-from", "@/one.txt\n@/gone\n").with(3).err())
        .contains("error: " + folder + "/gone: does not exist\n");
    assertThat(stored()).isEqualTo("one.txt");
  }

  @Test
  void backupOfNothingThatExistsIsRefusedBeforeARepositoryIsMadeForIt() {
    Path home = folder.resolve("home");
    Run.Ended ended = Run.at(home).holdfast("backup", folder + "/gone", folder + "/one.txt/in");
    assertThat(ended.with(1).err())
        .contains("error: " + folder + "/gone: does not exist\n", "/one.txt/in: statx ")
        .contains("all source directories and files do not exist\nhint: name at least one");
    assertThat(home).doesNotExist();
  }

  @Test
  void dryRunMakesNoRepositoryAndSaysWhatWould() {
    Path home = folder.resolve("home");
    assertThat(Run.at(home).holdfast("backup", "-n", folder + "/one.txt").with(10).err())
        .contains("there is no repository at " + home, "hint: 'holdfast backup PATH' creates it");
    assertThat(home).doesNotExist();
  }

  @Test
  void verbatimLinesAreNoPatterns() throws Exception {
    backup("--files-from-verbatim", "@/[three]\r\n\n").done();
    assertThat(stored()).isEqualTo("[three]");
  }

  @Test
  void rawListThatWasCutOffIsRefused() throws Exception {
    backup("--files-from-raw", "@/[three]\0@/two.txt\0").done();
    assertThat(stored()).isEqualTo("[three] two.txt");
    assertThat(backup("--files-from-raw", "@/one.txt\0@").with(1).err()).contains("is cut off");
    assertThat(backup("--files-from-raw", "@/one.txt\0\0").with(1).err())
        .contains("has an empty path in it");
  }

  @Test
  void linkThatIsNamedIsStoredAsALinkAndSaidToBeOne() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    assertThat(run.holdfast("backup", "--quiet", link + "/").done().err())
        .contains("link/: only the symbolic link is stored, not what it leads to: " + folder);
    assertThat(run.holdfast("backup", "--json", link + "/").done().err())
        .contains("{\"message_type\":\"warning\",\"message\":\"only the symbolic link is stored");
    assertThat(run.holdfast("backup", "--quiet", folder + "/one.txt").done().err()).isEmpty();
  }

  @Test
  void listAndPatternFileThatDoNotExistAreNamed() {
    String gone = folder.resolve("gone").toString();
    assertThat(run.holdfast("backup", "--files-from", gone).with(1).err())
        .contains("the list of paths " + gone + " does not exist");
    assertThat(run.holdfast("backup", "--exclude-file", gone, folder.toString()).with(1).err())
        .contains("the pattern file " + gone + " does not exist");
  }
}
