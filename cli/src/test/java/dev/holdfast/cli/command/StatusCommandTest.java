package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `status` for cron and monitors: every repository of an app, by the age of what is in it.
@Tag("slow")
class StatusCommandTest {
  @TempDir Path scratch;

  @Test
  void everyRepositoryIsJudgedByTheAgeOfItsNewestSnapshot() throws Exception {
    Path data = Files.writeString(scratch.resolve("data"), "first");
    Path file = scratch.resolve("holdfast.yaml");
    Files.writeString(
        file,
        """
        repositories:
          main: {location: main, password-env: THE_PASSWORD}
          mirror: {location: mirror, password-env: THE_PASSWORD}
        apps:
          shop:
            repository: main
            copies: [mirror]
            expect-every: 24h
            sources: {data: {path: %s}}
        """
            .formatted(data));
    Run run =
        Run.at(scratch)
            .set("HOLDFAST_CONFIG", file.toString())
            .set("THE_PASSWORD", "correct horse");
    run.holdfast("init", "-r", "main").done();
    run.holdfast("init", "-r", "mirror", "--copy-chunker-params", "--from-repo", "main").done();
    assertThat(run.holdfast("status", "--json").with(ExitCode.DONE_IN_PART).out())
        .contains("\"well\":false", "\"snapshots\":0");

    run.holdfast("backup", "shop").done();
    Files.writeString(data, "second, and longer");
    run.holdfast("backup", "shop").done();

    String well = run.holdfast("status", "--json").done().out();
    assertThat(well)
        .contains("\"repository\":\"main\",\"copy\":false,\"well\":true,\"snapshots\":2")
        .contains("\"repository\":\"mirror\",\"copy\":true,\"well\":true,\"snapshots\":2")
        .contains("\"growth_bytes\":", "\"next_backup\":");
    assertThat(run.holdfast("status", "--json", "shop", "shop").done().out()).isEqualTo(well);
    assertThat(run.holdfast("status", "--quiet").done().out()).isEmpty();
    assertThat(
            run.holdfastAfter(Duration.ofHours(25), "status", "-q")
                .with(ExitCode.DONE_IN_PART)
                .out()
                .lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("shop in m") && line.contains("overdue"));
    String late =
        run.holdfastAfter(Duration.ofHours(25), "status").with(ExitCode.DONE_IN_PART).out();
    assertThat(late).contains("main", "mirror").containsPattern("overdue since \\S{10}T\\S{8}Z");

    Files.move(scratch.resolve("mirror"), scratch.resolve("away"));
    String away = run.holdfast("status", "--json").with(ExitCode.DONE_IN_PART).out();
    assertThat(away)
        .contains("\"repository\":\"main\",\"copy\":false,\"well\":true")
        .contains("\"copy\":true,\"well\":false")
        .contains("the repository cannot be looked at");
  }

  /// Other commands try for a quarter of an hour, and a monitor would have been told nothing.
  @Test
  @Timeout(120)
  void repositoryThatDoesNotAnswerIsSoonToldOfAsOne() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path file = scratch.resolve("holdfast.yaml");
    Files.writeString(
        file,
        """
        repositories:
          main: {location: main}
          away: {location: "rest:http://127.0.0.1:%d/"}
        apps:
          shop: {repository: main, copies: [away], sources: {data: {path: %s}}}
        """
            .formatted(port, scratch.resolve("data")));
    Run run =
        Run.at(scratch)
            .set("HOLDFAST_CONFIG", file.toString())
            .set("RESTIC_PASSWORD", "correct horse");
    run.holdfast("init", "-r", "main").done();
    assertThat(run.holdfast("status").with(ExitCode.DONE_IN_PART).out())
        .containsPattern("shop in away: the repository cannot be looked at: .*127\\.0\\.0\\.1")
        .contains("shop in main: ");
  }
}
