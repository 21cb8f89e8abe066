package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the configuration keeps of an app, in its own repository and in copies.
@Tag("slow")
class ForgetAppTest {
  @TempDir Path scratch;
  private Run run = Run.at(Path.of(""));

  @BeforeEach
  void backUpFourTimesAndCopyTheRepositoryTwice() throws Exception {
    Files.writeString(scratch.resolve("data"), "first");
    Path file = scratch.resolve("holdfast.yaml");
    String text =
        """
        repositories:
          main: {location: main, password-env: THE_PASSWORD}
          mirror: {location: mirror, password-env: THE_PASSWORD, keep: {last: 1}}
          vault: {location: vault, password-env: THE_PASSWORD}
        apps:
          shop:
            repository: main
            copies: [mirror, vault]
            keep: {last: 2}
            keep-in-copies:
              vault: {last: 3}
            sources: {data: {path: %s}}
          bare:
            repository: vault
            sources: {data: {path: %s}}
        """
            .formatted(scratch.resolve("data"), scratch.resolve("data"));
    Files.writeString(file, text.replaceAll("(?m)^ +(copies|keep-in-copies|vault: .last).*\n", ""));
    run =
        Run.at(scratch)
            .set("HOLDFAST_CONFIG", file.toString())
            .set("THE_PASSWORD", "correct horse");
    run.holdfast("init", "-r", "main").done();
    for (int i = 1; i <= 4; i++) {
      Files.writeString(scratch.resolve("data"), "state " + i);
      run.holdfast("backup", "shop").done();
    }
    for (String copy : new String[] {"mirror", "vault"}) {
      Command.of("cp", "-r", scratch.resolve("main").toString(), scratch.resolve(copy).toString())
          .run()
          .succeeded();
    }
    Files.writeString(file, text);
  }

  @Test
  void eachRepositoryKeepsWhatIsSaidOfIt() throws Exception {
    run.holdfast("backup", "-r", "main", scratch.resolve("data").toString()).done();
    String shown = run.holdfast("forget", "shop", "--dry-run").done().out();
    assertThat(shown)
        .contains("shop in main", "keep 2 latest", "shop in mirror", "keep 1 latest")
        .contains("shop in vault", "keep 3 latest");
    assertThat(snapshots("main")).isEqualTo(5);

    run.holdfast("forget", "shop", "--prune").done();

    assertThat(snapshots("main")).as("two, and one that is of no app").isEqualTo(3);
    assertThat(snapshots("mirror")).isEqualTo(1);
    assertThat(snapshots("vault")).isEqualTo(3);
    run.holdfast("check", "-r", "mirror", "--read-data").done();
  }

  @Test
  void aRepositoryThatIsNamedIsTheOnlyOneAndWhatCannotBeReachedIsSaid() throws Exception {
    run.holdfast("forget", "-r", "vault", "--app", "shop").done();
    assertThat(snapshots("main")).isEqualTo(4);
    assertThat(snapshots("vault")).isEqualTo(3);

    Files.move(scratch.resolve("mirror"), scratch.resolve("away"));
    Run.Ended ended = run.holdfast("forget", "shop").with(ExitCode.DONE_IN_PART);
    assertThat(ended.err()).contains("nothing was removed in 'mirror'");
    assertThat(snapshots("main")).isEqualTo(2);
  }

  @Test
  void whereNothingIsSaidNothingIsRemoved() throws Exception {
    assertThat(run.holdfast("forget", "bare").with(1).err())
        .contains("does not say what is kept of the app 'bare', so nothing is removed");
    assertThat(run.holdfast("forget", "shop", "--keep-last", "1").with(1).err())
        .contains("what is kept of the app 'shop' is what the configuration says");
    assertThat(run.holdfast("forget", "shop", "latest").with(1).err())
        .contains("apps and snapshots were both named");
    run.holdfast("forget", "-r", "main", "--app", "shop", "--keep-last", "1").done();
    assertThat(snapshots("main")).isEqualTo(1);
  }

  @Test
  void countsBelowOneAreRefusedBeforeAnythingIsRemoved() throws Exception {
    for (String span : List.of("last", "hourly", "daily", "weekly", "monthly", "yearly")) {
      for (String count : List.of("0", "-1", "-7")) {
        String option = "--keep-" + span + "=" + count;
        for (String other : List.of("--keep-tag=audit", "--prune", "--dry-run")) {
          assertThat(run.holdfast("forget", "-r", "main", option, other).with(1).err())
              .contains("--keep-" + span + " '" + count + "' is below 1", "'unlimited' for all");
        }
      }
    }
    run.holdfast("forget", "-r", "main", "--app", "shop", "--keep-last", "unlimited").done();
    assertThat(snapshots("main")).isEqualTo(4);
  }

  @Test
  void aReportOfAPurgeSaysUntilWhenEachSnapshotIsKept() {
    String report =
        run.holdfast("purge", "shop", "--path", scratch.resolve("data").toString(), "--report")
            .done()
            .out();
    assertThat(report).contains("main: 4 snapshots", "mirror: 4 snapshots", "vault: 4 snapshots");
    // The backups of this test are seconds apart, and so will the next ones be.
    assertThat(report.lines().filter(line -> line.matches(" +kept until 2\\d{3}-\\d\\d-\\d\\d")))
        .hasSize(12);
    run.holdfast("backup", "bare").done();
    assertThat(
            run.holdfast(
                    "purge",
                    "--path",
                    scratch.resolve("data").toString(),
                    "--report",
                    "-r",
                    "vault")
                .done()
                .out())
        .contains("kept for ever: the configuration does not say what is kept here of 'bare'");
  }

  /// Told by the files: a password takes long to try.
  private long snapshots(String repository) throws Exception {
    try (Stream<Path> files = Files.list(scratch.resolve(repository).resolve("snapshots"))) {
      return files.count();
    }
  }
}
