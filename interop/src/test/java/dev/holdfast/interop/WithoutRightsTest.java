package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.posix.Posix;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What may not be read or written is named, and everything else is done. The program runs without
/// the rights that root has over the files of others.
class WithoutRightsTest {
  private static final List<String> PLAIN_USER =
      Posix.getuid() == 0
          ? List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all")
          : List.of();

  /// Reaches this checkout wherever it lies, and gives nothing to anybody.
  private static final List<String> ANOTHER_USER =
      List.of(
          "setpriv",
          "--reuid=4711",
          "--regid=4711",
          "--clear-groups",
          "--inh-caps=-all,+dac_override",
          "--ambient-caps=-all,+dac_override");

  @TempDir Path folder;
  private Workplace work;
  private Path tree;

  @BeforeEach
  void makeATreeAndARepository() throws IOException {
    work = Workplace.in(folder);
    work.init(2);
    tree = Files.createDirectory(folder.resolve("tree"));
    Files.writeString(tree.resolve("open.txt"), "open");
    Files.writeString(tree.resolve("secret.txt"), "secret");
    Files.createDirectory(tree.resolve("closed"));
    Files.writeString(tree.resolve("closed/inside.txt"), "inside");
  }

  @AfterEach
  void openEverything() throws IOException {
    try (Stream<Path> all = Stream.of(tree.resolve("closed"), tree.resolve("secret.txt"))) {
      for (Path path : all.filter(Files::exists).toList()) {
        mode(path, "rwx------");
      }
    }
    try (Stream<Path> all = Files.walk(folder.resolve("repository"))) {
      for (Path path : all.filter(Files::isDirectory).toList()) {
        mode(path, "rwx------");
      }
    }
  }

  @Test
  void filesAndFoldersThatMayNotBeReadAreNamedAndTheRestIsStored() throws IOException {
    mode(tree.resolve("secret.txt"), "---------");
    mode(tree.resolve("closed"), "---------");

    CommandResult backup = holdfast("backup", tree.toString());

    assertThat(backup.exitCode()).isEqualTo(3);
    assertThat(backup.errors())
        .contains(tree + "/secret.txt")
        .contains(tree + "/closed")
        .contains("ermission denied")
        .doesNotContain("Exception");
    work.restic().checkClean();
    assertThat(work.restic().run("ls", "latest").succeeded().output())
        .contains(tree + "/open.txt")
        .doesNotContain("secret.txt")
        .doesNotContain("inside.txt");
  }

  @Test
  void aTargetThatMayNotBeReadFailsTheBackupOfItAlone() throws IOException {
    mode(tree.resolve("closed"), "---------");
    // Where there were recoveries, it is looked whether one of these paths is being recovered.
    Files.createDirectories(folder.resolve("state/holdfast/recover"));

    CommandResult backup =
        holdfast("backup", tree.resolve("closed/inside.txt").toString(), tree + "/open.txt");

    assertThat(backup.exitCode()).isEqualTo(3);
    assertThat(backup.errors()).contains(tree + "/closed/inside.txt").contains("ermission denied");
    assertThat(work.restic().run("ls", "latest").succeeded().output()).contains("open.txt");
  }

  @Test
  void aRepositoryThatMayOnlyBeReadCanBeReadWithoutALock() throws IOException {
    holdfast("backup", tree.toString()).succeeded();
    close(folder.resolve("repository"), "r-xr-xr-x");

    assertThat(holdfast("--no-lock", "snapshots").succeeded().output()).contains("1 snapshots");
    holdfast("--no-lock", "restore", "latest", "--target", folder.resolve("out").toString())
        .succeeded();
    assertThat(folder.resolve("out" + tree + "/open.txt")).hasContent("open");
    holdfast("--no-lock", "check", "--read-data").succeeded();
  }

  @Test
  void aRepositoryThatMayNotBeWrittenRefusesABackupAndNamesTheFolder() throws IOException {
    close(folder.resolve("repository"), "r-xr-xr-x");

    CommandResult backup = holdfast("backup", tree.toString());

    assertThat(backup.exitCode()).isEqualTo(1);
    assertThat(backup.errors())
        .contains(folder.resolve("repository").toString())
        .contains("ermission denied")
        .doesNotContain("Exception");
  }

  @Test
  void aTargetFolderThatMayNotBeWrittenIsNamedAndNothingIsClaimed() throws IOException {
    holdfast("backup", tree.toString()).succeeded();
    Path out = Files.createDirectory(folder.resolve("out"));
    mode(out, "r-xr-xr-x");

    CommandResult restore = holdfast("restore", "latest", "--target", out.toString());

    assertThat(restore.exitCode()).isNotZero();
    assertThat(restore.errors())
        .contains("directory not made")
        .contains("ermission denied")
        .contains("the restore is not complete")
        .doesNotContain("Exception");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void whatBelongsToAnotherIsNotReplacedByWhoCannotGiveItToHimAndNothingIsStored()
      throws IOException {
    assumeTrue(Posix.getuid() == 0); // who else could make a file of another user's
    holdfast("backup", tree.toString()).succeeded();
    Path another = tree.resolve("open.txt");
    Files.setAttribute(another, "unix:uid", 4711);

    CommandResult recover = holdfast("recover", "--yes", another.toString());

    assertThat(recover.exitCode()).isEqualTo(1);
    assertThat(recover.errors())
        .contains(another + " belongs to user 4711 and group ")
        .contains("nothing was changed")
        .contains("hint: root may not give files to others here")
        .contains("CAP_CHOWN");
    assertThat(work.restic().run("snapshots", "--tag", "pre-restore").succeeded().output())
        .doesNotContain("pre-restore");
    assertThat(tree.toFile().list()).containsExactlyInAnyOrder("open.txt", "secret.txt", "closed");
  }

  @Test
  void whatLiesInAFolderAndBelongsToOthersIsCountedWhenWhoRecoversItCannotGiveIt()
      throws IOException {
    assumeTrue(Posix.getuid() == 0); // who else could make files of other users
    giveAll("4711:4711");
    for (Path path : List.of(tree.resolve("secret.txt"), tree.resolve("closed/inside.txt"))) {
      Files.setAttribute(path, "unix:uid", 4712);
    }
    Files.setAttribute(tree, "unix:uid", 4712); // will be of today's owner: not one of the two
    work.holdfast().run("backup", tree.toString()).succeeded();
    giveAll("4711:4711");

    CommandResult recover = runAs(ANOTHER_USER, "recover", "--yes", tree.toString());

    assertThat(recover.succeeded().errors())
        .contains("2 entries of " + tree + " will belong to this user and not to their owners");
    assertThat(Files.getAttribute(tree.resolve("secret.txt"), "unix:uid")).isEqualTo(4711);
  }

  @Test
  void aFolderWithFilesOfOthersIsRefusedByARootThatCannotGiveThem() throws IOException {
    assumeTrue(Posix.getuid() == 0);
    Files.setAttribute(tree.resolve("open.txt"), "unix:uid", 4711);
    work.holdfast().run("backup", tree.toString()).succeeded();

    CommandResult recover = holdfast("recover", "--yes", tree.toString());

    assertThat(recover.exitCode()).isEqualTo(1);
    assertThat(recover.errors())
        .contains("open.txt: owner not set")
        .contains("nothing was changed")
        .contains("CAP_CHOWN")
        .doesNotContain("--read-data");
  }

  @Test
  void aFileTakesItsOwnerFromTodayWhomeverItBelongedTo() throws IOException {
    assumeTrue(Posix.getuid() == 0);
    Path file = tree.resolve("open.txt");
    Files.setAttribute(file, "unix:uid", 4711);
    work.holdfast().run("backup", tree.toString()).succeeded();
    Files.setAttribute(file, "unix:uid", 0);
    Files.writeString(file, "changed");

    holdfast("recover", "--yes", file.toString()).succeeded();

    assertThat(file).hasContent("open");
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(0);
  }

  @Test
  void aNewFolderThatCannotBeGivenToTheOwnerOfTheOneAroundItIsRefusedWithTheReason()
      throws IOException {
    assumeTrue(Posix.getuid() == 0);
    Path file = Files.createDirectory(tree.resolve("inner")).resolve("file.txt");
    Files.writeString(file, "file");
    work.holdfast().run("backup", tree.toString()).succeeded();
    Files.delete(file);
    Files.delete(file.getParent());
    mode(tree, "rwxrwxrwx");
    Files.setAttribute(tree, "unix:uid", 4711);

    CommandResult recover = holdfast("recover", "--yes", file.toString());

    assertThat(recover.exitCode()).isEqualTo(1);
    assertThat(recover.errors())
        .contains(tree + " belongs to user 4711")
        .contains("CAP_CHOWN")
        .doesNotContain("may write to the folder");
    assertThat(tree.resolve("inner")).doesNotExist();
  }

  private CommandResult holdfast(String... arguments) {
    return runAs(PLAIN_USER, arguments);
  }

  private CommandResult runAs(List<String> user, String... arguments) {
    HoldfastProgram program = work.holdfast();
    Command command = program.command(arguments);
    List<String> words = new ArrayList<>(user);
    words.addAll(command.words());
    return new Command(words, command.environment(), command.directory())
        .withEnvironment("XDG_STATE_HOME", folder.resolve("state").toString())
        .run();
  }

  private void giveAll(String owner) {
    Command.of("chown", "-R", owner, folder.toString()).run().succeeded();
  }

  private static void close(Path root, String permissions) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.filter(Files::isDirectory).toList()) {
        mode(path, permissions);
      }
    }
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
