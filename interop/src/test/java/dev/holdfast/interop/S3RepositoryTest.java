package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.interop.FaultyNetwork.Fault;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Repositories in a bucket, as people use them: with the program itself, and with restic in turn.
@Tag("slow")
class S3RepositoryTest {
  @TempDir static Path folder;
  private static S3Server server;

  @TempDir Path home;
  private String bucket = "";

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.in(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void nameTheBucket(TestInfo test) {
    bucket = "b" + Integer.toUnsignedString(test.getDisplayName().hashCode());
  }

  private Command at(Command program, String address) {
    Command command = program.with("-r", address);
    for (Map.Entry<String, String> variable : S3Server.credentials().entrySet()) {
      command = command.withEnvironment(variable.getKey(), variable.getValue());
    }
    return command
        .withEnvironment("HOME", home.toString())
        .withEnvironment("RESTIC_PASSWORD", "correct horse");
  }

  private CommandResult holdfast(String... arguments) {
    return at(HoldfastProgram.launcher(), server.address(bucket + "/some/place"))
        .with(arguments)
        .run();
  }

  private CommandResult restic(String... arguments) {
    return at(Command.of("restic"), server.address(bucket + "/some/place")).with(arguments).run();
  }

  private Path data(int seed) throws Exception {
    Path data = Files.createDirectories(home.resolve("data-" + seed));
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      byte[] bytes = new byte[random.nextInt(200_000)];
      random.nextBytes(bytes);
      Files.write(data.resolve("file-" + i), bytes);
    }
    return data;
  }

  @Test
  void resticAndHoldfastTakeTurnsOnABucket() throws Exception {
    Path data = data(1);
    holdfast("init").succeeded();
    holdfast("backup", data.toString()).succeeded();
    restic("backup", data.toString()).succeeded();
    Files.writeString(data.resolve("more"), "more");
    holdfast("backup", data.toString()).succeeded();
    restic("forget", "--keep-last", "1", "--group-by", "host", "--prune").succeeded();
    holdfast("backup", data.toString()).succeeded();

    assertThat(holdfast("snapshots", "--json").succeeded().output().split("\"tree\"", -1))
        .hasSize(3);
    assertThat(restic("check", "--read-data").succeeded().output()).contains("no errors");
    holdfast("check", "--read-data").succeeded();
    holdfast("restore", "latest", "--target", home.resolve("restored").toString()).succeeded();
    assertThat(home.resolve("restored" + data).resolve("more")).hasContent("more");
  }

  @Test
  void sixProcessesBackUpIntoOneRepositoryAtTheSameTime() throws Exception {
    holdfast("init").succeeded();
    List<Callable<CommandResult>> backups = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Path data = data(10 + i);
      backups.add(() -> holdfast("backup", data.toString()));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (Future<CommandResult> backup : threads.invokeAll(backups)) {
        backup.get().succeeded();
      }
    }

    assertThat(holdfast("snapshots", "--json").succeeded().output().split("\"tree\"", -1))
        .hasSize(7);
    assertThat(restic("check", "--read-data").succeeded().output()).contains("no errors");
  }

  @Test
  void aBackupOverABadNetworkIsCompleteOrFails() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Fault[] faults = Fault.values();
    Path data = data(30);
    holdfast("init").succeeded();
    try (FaultyNetwork network = new FaultyNetwork(server.port())) {
      network.follow(request -> {
        synchronized (random) {
          return random.nextInt(5) == 0 ? faults[random.nextInt(faults.length)] : Fault.NONE;
        }
      });
      for (int i = 0; i < 3; i++) {
        Files.writeString(data.resolve("changing"), "change " + i);
        CommandResult backup =
            at(HoldfastProgram.launcher(), network.address(bucket + "/some/place"))
                .with("--stuck-request-timeout", "2s", "backup", data.toString())
                .run();
        assertThat(backup.exitCode()).as(backup.errors()).isIn(0, 1, 11);
      }
      assertThat(network.faults()).isNotEmpty();
    }
    holdfast("unlock", "--remove-all").succeeded();
    holdfast("backup", data.toString()).succeeded();

    assertThat(restic("check", "--read-data").succeeded().output()).contains("no errors");
    holdfast("restore", "latest", "--target", home.resolve("restored").toString()).succeeded();
    assertThat(home.resolve("restored" + data).resolve("changing")).hasContent("change 2");
  }

  @Test
  void eachWayItGoesWrongIsSaidInOneSentence() throws Exception {
    assertThat(holdfast("snapshots"))
        .satisfies(it -> assertThat(it.exitCode()).isEqualTo(10))
        .satisfies(it -> assertThat(it.errors()).contains("there is no bucket '" + bucket + "'"));
    holdfast("init").succeeded();
    String address = server.address(bucket + "/some/place");
    Command launcher = HoldfastProgram.launcher();
    assertThat(
            at(launcher, address)
                .withEnvironment("AWS_SECRET_ACCESS_KEY", "wrong")
                .with("snapshots")
                .run()
                .errors())
        .contains("refuses the credentials", "AWS_SECRET_ACCESS_KEY");
    assertThat(
            at(launcher, address)
                .withEnvironment("AWS_ACCESS_KEY_ID", "")
                .with("snapshots")
                .run()
                .errors())
        .contains("AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not");
    assertThat(at(launcher, address.replace("http://", "")).with("snapshots").run().errors())
        .contains("no encrypted connection", "s3:http://");
    assertThat(at(launcher, "s3:no.such.host.invalid/bucket").with("snapshots").run().errors())
        .contains("there is no host 'no.such.host.invalid'");
    assertThat(holdfast("-o", "s3.regoin=x", "snapshots").errors())
        .contains("there is no extended option 's3.regoin'");
  }

  @Test
  void whatServersSayOfRegionsClocksAndRightsIsExplained() throws Exception {
    holdfast("init").succeeded();
    Map<HttpMessage, String> answers =
        Map.of(
            HttpMessage.error(
                "301 Moved Permanently", "PermanentRedirect", "x-amz-bucket-region: eu-west-9"),
            "-o s3.region=eu-west-9",
            HttpMessage.error("403 Forbidden", "RequestTimeTooSkewed"),
            "the clock of this machine",
            HttpMessage.error("403 Forbidden", "AccessDenied"),
            "no right to",
            HttpMessage.error("403 Forbidden", "ExpiredToken"),
            "the session has expired");
    try (FaultyNetwork network = new FaultyNetwork(server.port())) {
      for (Map.Entry<HttpMessage, String> answer : answers.entrySet()) {
        network.answer(request -> Optional.of(answer.getKey()));
        CommandResult result =
            at(HoldfastProgram.launcher(), network.address(bucket)).with("snapshots").run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).contains(answer.getValue());
      }
    }
  }
}
