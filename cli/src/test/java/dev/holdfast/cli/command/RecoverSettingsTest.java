package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `holdfast.yaml` says of recovering an app, and what the command line puts over it.
@Tag("slow")
class RecoverSettingsTest {
  @TempDir Path folder;
  private Path home;
  private Path users;
  private Path asked;
  private Path config;
  private Run run;

  @BeforeEach
  void anAppThatWasBackedUpAndThenSpoilt() throws IOException {
    home = folder.toRealPath();
    users = Files.createDirectories(home.resolve("data")).resolve("users.db");
    asked = Files.writeString(home.resolve("asked"), "");
    config = home.resolve("holdfast.yaml");
    sqlite("CREATE TABLE t(id); INSERT INTO t VALUES(1);");
    run = Run.on(home, home.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    configure("1", "");
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
    sqlite("INSERT INTO t VALUES(2)");
  }

  private void configure(String expected, String more) throws IOException {
    Files.writeString(
        config,
        """
        apps:
          shop:
            root: %1$s/data
            sources:
              users: {path: users.db}
            recover:
              service:
                - commands:
                    stop: echo stop >> %1$s/asked
                    start: echo start >> %1$s/asked
              after:
                - run: echo "after $HOLDFAST_SUBJECT" >> %1$s/asked
              health:
                - sql: {source: users, query: SELECT count(*) FROM t, expect: "%2$s"}
                  time-limit: 1s
        %3$s
        """
            .formatted(home, expected, more));
  }

  private String sqlite(String sql) {
    return Command.of("sqlite3", users.toString(), sql).run().succeeded().output().strip();
  }

  private String rows() {
    return sqlite("SELECT count(*) FROM t");
  }

  private List<String> asked() throws IOException {
    return Files.readAllLines(asked);
  }

  private List<Path> safetyCopies() throws IOException {
    try (Stream<Path> all = Files.list(users.getParent())) {
      return all.filter(path -> path.toString().contains(".pre-restore.")).toList();
    }
  }

  @Test
  void theAppIsStoppedAdaptedStartedAndAskedAsTheConfigurationSays() throws IOException {
    Run.Ended ended = run.holdfast("recover", "shop", "--yes").done();

    assertThat(ended.out())
        .contains("service    the service is stopped for the swap")
        .contains("after      '/bin/sh'")
        .contains("health     'SELECT count(*) FROM t' within 1 s");
    assertThat(asked()).containsExactly("stop", "after shop", "start");
    assertThat(rows()).isEqualTo("1");
  }

  @Test
  void aCheckThatFailsBringsEverythingBackAndTheMessageSaysWhy() throws IOException {
    configure("7", "");

    Run.Ended ended = run.holdfast("recover", "shop", "--yes").with(ExitCode.FAILED);

    assertThat(ended.err())
        .contains("the service is not well with the recovered data")
        .contains("it answers '1' instead of '7'; everything is as it was before");
    assertThat(rows()).isEqualTo("2");
    // Without a status command it is told to stop once more before the names are changed back.
    assertThat(asked()).containsExactly("stop", "after shop", "start", "stop", "stop", "start");
    assertThat(safetyCopies()).isEmpty();
  }

  @Test
  void optionsTakeThePlaceOfTheConfiguration() throws IOException {
    configure("7", "");

    run.holdfast(
            "recover",
            "shop",
            "--yes",
            "--stop-command",
            "echo halt >> " + asked,
            "--start-command",
            "echo go >> " + asked,
            "--health-sql",
            "SELECT 1")
        .done();

    assertThat(asked()).containsExactly("halt", "after shop", "go");
    assertThat(rows()).isEqualTo("1");
  }

  @Test
  void anotherFolderIsRecoveredToWithoutTouchingTheService() throws IOException {
    run.holdfast("recover", "shop", "--target", home.resolve("other").toString(), "--yes").done();

    assertThat(asked()).isEmpty();
    assertThat(rows()).isEqualTo("2");
    assertThat(home.resolve("other/users.db")).exists();
  }

  @Test
  void safetyCopiesAreShownAndDeletedWhenItIsConfirmed() throws IOException {
    run.holdfast("recover", "shop", "--yes").done();
    assertThat(safetyCopies()).hasSize(1);
    assertThat(run.holdfast("recover", "status").done().out()).contains("KiB, 0 minutes");
    assertThat(run.holdfast("recover", "status", "--json").done().out())
        .contains("\"safety_copies_bytes\":");

    Run.Ended declined = run.type("no\n").holdfast("recover", "confirm").with(ExitCode.DECLINED);
    assertThat(declined.err()).contains("declined: nothing was deleted");
    assertThat(run.holdfast("recover", "confirm", "--older-than", "1d", "--yes").done().out())
        .contains("there are no such safety copies");
    assertThat(safetyCopies()).hasSize(1);

    run.type("shop\n").holdfast("recover", "confirm").done();

    assertThat(safetyCopies()).isEmpty();
    assertThat(run.holdfast("recover", "undo", "--yes").with(ExitCode.FAILED).err())
        .contains("were deleted")
        .contains("pre-restore");
    assertThat(run.holdfast("recover", "status").done().out()).contains("none");
    assertThat(rows()).isEqualTo("1");
  }

  @Test
  void oldSafetyCopiesGoAtTheNextBackupIfTheConfigurationSaysSo() throws IOException {
    run.holdfast("recover", "shop", "--yes").done();
    run.holdfast("backup", "shop").done();
    assertThat(safetyCopies()).hasSize(1);
    configure("1", "      safety-copies: {delete-after: 1h}\n");
    run.holdfast("backup", "shop").done();
    assertThat(safetyCopies()).as("younger than an hour").hasSize(1);

    Path journals = home.resolve(".local/state/holdfast/recover");
    try (Stream<Path> all = Files.list(journals)) {
      for (Path journal : all.filter(it -> it.toString().endsWith(".jsonl")).toList()) {
        Files.writeString(
            journal, Files.readString(journal).replaceAll("\"at\":\"20\\d\\d", "\"at\":\"2025"));
      }
    }
    Run.Ended ended = run.holdfast("backup", "shop").done();

    assertThat(ended.out()).contains("deleted the safety copies of recovery");
    assertThat(safetyCopies()).isEmpty();
  }

  @Test
  void everyStepIsALineForProgramsFromThePlanToTheEnd() {
    Run.Ended ended = run.holdfast("recover", "shop", "--yes", "--json").done();

    assertThat(ended.out().lines()).allMatch(line -> line.startsWith("{\"message_type\":\""));
    assertThat(ended.out().lines().toList().getFirst()).startsWith("{\"message_type\":\"plan\"");
    assertThat(
            ended
                .out()
                .lines()
                .filter(line -> line.contains("\"state\":\"started\""))
                .map(line -> line.replaceAll(".*\"step\":\"([a-z-]+)\".*", "$1")))
        .containsExactly(
            "validate",
            "restore-point",
            "stage",
            "verify",
            "quiesce",
            "swap",
            "adapt",
            "start",
            "commit");
    assertThat(ended.out()).contains("\"message_type\":\"downtime\",\"seconds\":");
    assertThat(ended.out().lines().toList().getLast())
        .contains("\"message_type\":\"summary\"", "\"ending\":\"recovered\"", ".pre-restore.");
  }

  @Test
  void aJournalOfALaterVersionIsLeftToTheProgramThatWroteIt() throws IOException {
    run.holdfast("recover", "shop", "--stop-command", "true", "--start-command", "false", "--yes")
        .with(ExitCode.FAILED);
    Path journals = home.resolve(".local/state/holdfast/recover");
    try (Stream<Path> all = Files.list(journals)) {
      Path journal = all.filter(it -> it.toString().endsWith(".jsonl")).findFirst().orElseThrow();
      Files.writeString(journal, Files.readString(journal).replace("\"v\":1", "\"v\":2"));
    }
    String before = rows();

    for (String what : List.of("resume", "rollback")) {
      assertThat(run.holdfast("recover", what).with(ExitCode.FAILED).err())
          .contains("was written by a later version");
    }
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void aJournalThatCannotBeReadHidesNoOther() throws IOException {
    run.holdfast("recover", "shop", "--yes").done();
    Path broken = home.resolve(".local/state/holdfast/recover/broken.jsonl");
    Files.writeString(broken, "{\n{}\n");

    Run.Ended status = run.holdfast("recover", "status").with(ExitCode.FAILED);

    assertThat(status.out()).contains("shop", "recovered");
    assertThat(status.err()).contains(broken.toString(), "look at what it was about");
    assertThat(run.holdfast("recover", "confirm", "--yes").with(ExitCode.FAILED).err())
        .as("nothing is deleted before somebody has looked")
        .contains(broken.toString());
    assertThat(safetyCopies()).hasSize(1);
  }

  @Test
  void thePlanSaysAboutHowLongItTakes() throws IOException {
    sqlite("INSERT INTO t SELECT hex(randomblob(1000000))");
    run.holdfast("backup", "shop").done();

    assertThat(run.holdfast("recover", "shop", "--dry-run").done().out())
        .contains("time       about ")
        .contains("by how long the backup took");
    configure("3", "");
    run.holdfast("recover", "shop", "--yes").done();
    assertThat(run.holdfast("recover", "shop", "--dry-run", "--json").done().out())
        .contains("\"estimated_by\":\"by how long earlier recoveries took\"");
  }

  @Test
  void configCheckNamesSecretsOfTheRecoveryThatAreMissing() throws IOException {
    configure(
        "1",
        """
                - http:
                    url: http://localhost:1/
                    headers: {Authorization: {env: NO_SUCH_TOKEN}}
        """);

    assertThat(run.holdfast("config", "check").done().out())
        .contains("the header 'Authorization' for http://localhost:1/")
        .contains("the variable NO_SUCH_TOKEN is not set here");
    assertThat(run.holdfast("recover", "shop", "--yes").with(ExitCode.FAILED).err())
        .contains("NO_SUCH_TOKEN")
        .contains("nothing was changed");
    assertThat(asked()).isEmpty();
  }
}
