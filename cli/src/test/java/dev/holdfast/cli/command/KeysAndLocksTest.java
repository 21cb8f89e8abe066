package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysAndLocksTest {
  @TempDir Path scratch;

  private Run run = Run.at(Path.of(""));

  @BeforeEach
  void makeRepository() {
    run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
  }

  private Path file(String name, String content) throws Exception {
    return Files.writeString(scratch.resolve(name), content);
  }

  @Test
  void idThatIsNotThereIsHintedAtByTheListThatHasSuchIds() {
    assertThat(run.holdfast("key", "remove", "zz").with(1).err())
        .contains("hint: 'holdfast list keys' shows the ids");
    assertThat(run.holdfast("repair", "packs", "zz").with(1).err())
        .contains("hint: 'holdfast list packs' shows the ids");
    run.holdfast("list", "keys").done();
    run.holdfast("list", "packs").done();
  }

  @Test
  void secondRepositoryAtTheSamePlaceIsRefused() {
    assertThat(run.holdfast("init").with(1).err()).contains("holdfast: ", "hint: ");
  }

  @Test
  void wrongPasswordHasExitCodeOfItsOwn() {
    assertThat(run.set("RESTIC_PASSWORD", "wrong").holdfast("snapshots").with(12).err())
        .doesNotContain("wrong\n");
  }

  @Test
  void ownVariablesWinOverRestics() {
    run.set("RESTIC_PASSWORD", "wrong")
        .set("HOLDFAST_PASSWORD", "correct horse")
        .holdfast("snapshots")
        .done();
  }

  @Test
  void passwordComesFromFileCommandOrInputWithoutItsWhiteSpace() throws Exception {
    Run bare = Run.at(scratch).set("RESTIC_REPOSITORY", scratch.resolve("repository").toString());
    Path file = file("password", "  correct horse \n");
    bare.holdfast("snapshots", "--password-file", file.toString()).done();
    bare.set("RESTIC_PASSWORD_FILE", file.toString()).holdfast("snapshots").done();
    bare.holdfast("snapshots", "--password-command", "cat '" + file + "'").done();
    bare.type("correct horse\n").holdfast("snapshots").done();
    bare.holdfast("snapshots", "--password-command", "false").with(1);
    assertThat(bare.holdfast("snapshots", "--password-file", file + "s").with(1).err())
        .contains("password file " + file + "s does not exist\nhint: check its name");
  }

  @Test
  void passwordCommandThatIsNoneIsRefusedByName() {
    assertThat(run.holdfast("snapshots", "--password-command", "yes").with(1).err())
        .contains("the password command 'yes' prints more than a mebibyte");
    assertThat(run.holdfast("snapshots", "--password-command", "/no/such hunter2").with(1).err())
        .contains("'/no/such' cannot be started", "sh -c")
        .doesNotContain("hunter2");
  }

  @Test
  @Timeout(60)
  void passwordCommandThatHangsIsEndedWithTheRun() throws Exception {
    Path mark = scratch.resolve("mark");
    String command =
        "sh -c 'echo $$ > %s.new; mv %s.new %s; sleep 100'".formatted(mark, mark, mark);
    AtomicInteger status = new AtomicInteger(-1);
    Thread running =
        Thread.ofPlatform()
            .start(() ->
                status.set(run.holdfast("snapshots", "--password-command", command).status()));
    while (!Files.exists(mark)) {
      assertThat(running.join(Duration.ofMillis(20))).as("ended too early").isFalse();
    }
    running.interrupt();
    running.join();
    assertThat(status).hasValue(130);
    long child = Long.parseLong(Files.readString(mark).strip());
    Processes.awaitEnd(ProcessHandle.of(child).stream().toList());
  }

  @Test
  void emptyPasswordIsRefusedUnlessAskedFor() {
    Path other = scratch.resolve("other");
    Run bare = Run.at(scratch).set("RESTIC_REPOSITORY", other.toString());
    assertThat(bare.type("\n").holdfast("init").with(1).err()).contains("empty");
    bare.holdfast("init", "--insecure-no-password").done();
    bare.holdfast("snapshots", "--insecure-no-password").done();
  }

  @Test
  void passwordsAreAddedChangedAndRemoved() throws Exception {
    Path second = file("second", "battery staple");
    String added =
        run.holdfast("key", "add", "--new-password-file", second.toString(), "--user", "ann")
            .done()
            .out();
    assertThat(added).startsWith("saved new key with ID ");
    Run withSecond = run.set("RESTIC_PASSWORD", "battery staple");
    assertThat(withSecond.holdfast("key", "list").done().out()).contains("ann").contains("*");
    Path third = file("third", "tr0ub4dor");
    run.holdfast("key", "passwd", "--new-password-file", third.toString()).done();
    run.holdfast("snapshots").with(12);
    String id = added.strip().substring("saved new key with ID ".length());
    assertThat(withSecond.holdfast("key", "remove", id).with(1).err()).contains("hint: ");
    run.set("RESTIC_PASSWORD", "tr0ub4dor").holdfast("key", "remove", id).done();
    withSecond.holdfast("snapshots").with(12);
  }

  @Test
  void repositoryNobodyNamedIsMadeByTheFirstBackup() throws Exception {
    Path home = Files.createDirectory(scratch.resolve("home"));
    Run bare = Run.at(home);
    assertThat(bare.holdfast("snapshots").with(10).err()).contains("'holdfast backup PATH'");
    Path note = file("note", "text");
    String err = bare.holdfast("backup", note.toString()).done().err();
    Path password = home.resolve(".config/holdfast/password");
    assertThat(err).contains(home.resolve(".local/share/holdfast/repository").toString());
    assertThat(err).contains(password.toString(), "Keep a copy");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
    assertThat(err).doesNotContain(Files.readString(password).strip());
    bare.holdfast("backup", note.toString()).done();
    assertThat(bare.holdfast("snapshots").done().out()).contains("2 snapshots");
  }

  @Test
  void whoCannotWriteALockIsToldHowToReadWithoutOneIfThatHelps() throws Exception {
    Path locks = scratch.resolve("repository/locks");
    Files.delete(locks);
    Files.createFile(locks);
    Path password = file("new", "battery staple");

    assertThat(run.holdfast("snapshots").with(1).err()).contains("; to read ", "add --no-lock");
    assertThat(run.holdfast("check").with(1).err()).contains("add --no-lock");
    run.holdfast("snapshots", "--no-lock").done();
    assertThat(run.holdfast("key", "add", "--new-password-file", password.toString()).with(1).err())
        .contains("check free space")
        .doesNotContain("--no-lock");
    assertThat(run.holdfast("backup", password.toString()).with(1).err())
        .doesNotContain("--no-lock");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "forget --keep-last 1 --dry-run",
        "prune --dry-run",
        "rewrite --exclude x --dry-run",
        "repair index --dry-run",
        "repair snapshots --dry-run",
        "migrate",
        "purge --path /x --dry-run"
      })
  void whatWouldBeDoneIsSaidWhereNoLockCanBeWritten(String line) throws Exception {
    Path locks = scratch.resolve("repository/locks");
    Files.delete(locks);
    Files.createFile(locks);

    assertThat(run.holdfast(line.split(" ")).with(1).err()).contains("add --no-lock");
    run.holdfast((line + " --no-lock").split(" ")).done();
  }

  @Test
  void damagedConfigIsToldWithTheOnlyWayOut() throws Exception {
    Path config = scratch.resolve("repository/config");
    Files.delete(config);
    Files.createFile(config);

    for (String command : List.of("snapshots", "check", "prune")) {
      assertThat(run.holdfast(command).with(1).err())
          .contains("config is damaged", "hint: put the file back from a copy of the repository");
    }
  }

  @Test
  void lockOfAnotherHostIsRespectedAndRemovedOnRequest() throws Exception {
    Path note = file("note", "text");
    run.holdfast("backup", note.toString()).done();
    assertThat(scratch.resolve("repository/locks")).isEmptyDirectory();
    assertThat(run.holdfast("unlock", "--remove-all").done().out()).isEmpty();
  }

  @Test
  void objectsArePrintedAsTheyAreStored() {
    assertThat(run.holdfast("cat", "config").done().out())
        .startsWith("{\n  \"version\": 2,\n  \"id\": \"")
        .endsWith("\n}\n");
    String key = run.holdfast("list", "keys").done().out().strip();
    assertThat(run.holdfast("cat", "key", key).done().out()).contains("\"kdf\": \"scrypt\"");
    run.holdfast("cat", "snapshot", "00000000").with(1);
    run.holdfast("cat").with(1);
  }
}
