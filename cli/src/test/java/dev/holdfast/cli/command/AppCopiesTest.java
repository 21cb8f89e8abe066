package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An app whose backups go to one repository and are copied to another.
class AppCopiesTest {
  @TempDir Path scratch;
  private Run run = Run.at(Path.of(""));

  @BeforeEach
  void makeAnAppWithACopy() throws Exception {
    Files.writeString(scratch.resolve("data"), "first");
    Path file = scratch.resolve("holdfast.yaml");
    Files.writeString(
        file,
        """
        repositories:
          main:
            location: main
            password-env: THE_PASSWORD
          mirror:
            location: mirror
            password-env: THE_PASSWORD
        apps:
          shop:
            repository: main
            copies: [mirror]
            sources:
              data:
                path: %s
        """
            .formatted(scratch.resolve("data")));
    run =
        Run.at(scratch)
            .set("HOLDFAST_CONFIG", file.toString())
            .set("THE_PASSWORD", "correct horse");
    run.holdfast("init", "-r", "main").done();
  }

  @Test
  void whatWasForgottenInTheCopyIsNotCopiedAgain() throws Exception {
    run.holdfast("init", "-r", "mirror", "--copy-chunker-params", "--from-repo", "main").done();
    run.holdfast("backup", "shop").done();
    Files.writeString(scratch.resolve("data"), "second");
    run.holdfast("backup", "shop").done();
    assertThat(snapshots("mirror")).isEqualTo(2);

    run.holdfast("forget", "-r", "mirror", "--keep-last", "1").done();
    Files.writeString(scratch.resolve("data"), "third");
    run.holdfast("backup", "shop").done();

    assertThat(snapshots("main")).isEqualTo(3);
    assertThat(snapshots("mirror")).isEqualTo(2);
    run.holdfast("check", "-r", "mirror", "--read-data").done();
  }

  @Test
  void aCopyThatCannotBeMadeIsSaidAndTheBackupIsKept() {
    Run.Ended ended = run.holdfast("backup", "shop").with(ExitCode.DONE_IN_PART);

    assertThat(ended.err()).contains("the backup was not copied to 'mirror'");
    assertThat(snapshots("main")).isEqualTo(1);
  }

  @Test
  void whereTheRepositoryIsGoneTheCopiesAreNamedAndOneOfThemIsRecoveredFrom() throws Exception {
    run.holdfast("init", "-r", "mirror").done();
    run.holdfast("backup", "shop").done();
    Files.move(scratch.resolve("main"), scratch.resolve("gone"));
    Files.delete(scratch.resolve("data"));
    String copies = "snapshots of 'shop' are copied to mirror as well: '--repo mirror' takes them";

    assertThat(run.holdfast("recover", "shop", "--yes").with(ExitCode.NO_REPOSITORY).err())
        .contains(copies);
    assertThat(run.holdfast("drill", "shop").with(ExitCode.NO_REPOSITORY).err()).contains(copies);
    assertThat(run.holdfast("snapshots", "--app", "shop").with(ExitCode.NO_REPOSITORY).err())
        .contains(copies);
    assertThat(
            run.holdfast("recover", "shop", "--yes", "--repo", "main")
                .with(ExitCode.NO_REPOSITORY)
                .err())
        .contains(copies);
    assertThat(
            run.holdfast("recover", "shop", "--yes", "--repo", "other")
                .with(ExitCode.NO_REPOSITORY)
                .err())
        .doesNotContain("mirror");

    run.holdfast("recover", "shop", "--yes", "--repo", "mirror").done();
    assertThat(scratch.resolve("data")).hasContent("first");
  }

  @Test
  void whatWasPurgedDoesNotComeBackByARecoveryFromACopyThatHoldsItStill() throws Exception {
    Path file = scratch.resolve("tenants.yaml");
    Files.writeString(
        file,
        """
        repositories:
          main: {location: main, password-env: THE_PASSWORD}
          mirror: {location: mirror, password-env: THE_PASSWORD}
          away: {location: away, password-env: THE_PASSWORD}
        apps:
          shop:
            repository: main
            copies: [mirror, away]
            root: .
            sources: {tenants: {path: 'tenants/{tenant}/notes.txt'}}
        """);
    Run shop = run.set("HOLDFAST_CONFIG", file.toString());
    shop.holdfast("init", "-r", "mirror").done();
    for (String tenant : List.of("ada", "grace")) {
      Path folder = Files.createDirectories(scratch.resolve("tenants").resolve(tenant));
      Files.writeString(folder.resolve("notes.txt"), "of " + tenant);
    }
    shop.holdfast("backup", "shop").with(ExitCode.DONE_IN_PART);

    Run.Ended purge = shop.holdfast("purge", "shop", "--tenant", "ada", "--yes").done();

    assertThat(purge.out()).contains("the ledger of mirror has it as well");
    assertThat(purge.err())
        .contains("the ledger of 'away' does not have it until the next copy is made there");
    Path notes = scratch.resolve("tenants/ada/notes.txt");
    Files.delete(notes);
    assertThat(shop.holdfast("find", "-r", "mirror", "notes.txt").done().out()).contains("ada");
    assertThat(shop.holdfast("recover", "shop", "--yes", "-r", "mirror").done().err())
        .contains("notes.txt was purged from the backups", "it is left out");
    assertThat(notes).doesNotExist();
    assertThat(scratch.resolve("tenants/grace/notes.txt")).hasContent("of grace");
  }

  @Test
  void aPasswordIsTypedOnceForEachRepositoryHoweverOftenItIsOpened() throws Exception {
    run.holdfast("init", "-r", "mirror").done();
    Path file = scratch.resolve("typed.yaml");
    Files.writeString(
        file,
        """
        repositories:
          main: {location: main}
          mirror: {location: mirror}
        apps:
          shop:
            repository: main
            copies: [mirror]
            root: .
            sources: {data: {path: data}}
          club:
            repository: main
            copies: [mirror]
            root: .
            sources: {data: {path: data}}
        """);
    Run typing =
        Run.at(scratch)
            .set("HOLDFAST_CONFIG", file.toString())
            .type("correct horse\ncorrect horse\nnot asked for\n");

    typing.holdfast("backup", "shop", "club").done();

    assertThat(snapshots("main")).isEqualTo(2);
    assertThat(snapshots("mirror")).isEqualTo(2);
  }

  private long snapshots(String repository) {
    String json = run.holdfast("snapshots", "-r", repository, "--json").done().out();
    return json.split("\"short_id\"", -1).length - 1L;
  }
}
