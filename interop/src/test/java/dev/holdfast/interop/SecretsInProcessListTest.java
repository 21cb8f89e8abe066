package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.HoldfastProgram;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everybody on a machine can read the arguments of every process. While an app is cloned and
/// drilled, those of all processes are read again and again: no password is among them, and no
/// statement of a mask.
@Tag("slow")
class SecretsInProcessListTest {
  private static final String OF_REPOSITORY = "hush-of-the-repository";
  private static final String OF_SERVER = "hush-of-the-server";
  private static final String OF_REDIS = "hush-of-redis";
  private static final String OF_MASK = "hush-of-the-mask";
  private static final List<String> SECRETS = List.of(OF_REPOSITORY, OF_SERVER, OF_REDIS, OF_MASK);
  private static final int POLL_MILLIS = 2;
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);

  @TempDir Path temporary;
  private Path folder;
  private Path client;
  private PostgresServerProcess server;
  private Process redis;
  private int redisPort;
  private final Set<String> programs = new TreeSet<>();
  private final Set<String> told = new TreeSet<>();

  @BeforeEach
  void anAppThatWasBackedUpAndOneToCloneItTo() throws IOException {
    folder = temporary.toRealPath();
    client = Ssh.configure(Files.createDirectory(folder.resolve("ssh")));
    startRedis();
    server = PostgresServerProcess.start(15);
    server.sql("postgres", "CREATE ROLE keeper SUPERUSER LOGIN PASSWORD '" + OF_SERVER + "'");
    server.sql("postgres", "CREATE DATABASE shop");
    server.sql("shop", "CREATE TABLE t(mail text); INSERT INTO t VALUES ('a@b')");
    server.sql(
        "shop", "CREATE TABLE bulk AS SELECT g, repeat('x', 500) FROM generate_series(1, 20000) g");
    server.sql("postgres", "CREATE DATABASE trial TEMPLATE shop");
    Files.writeString(folder.resolve("password"), OF_SERVER);
    Files.writeString(folder.resolve("mask.sql"), "UPDATE t SET mail = '" + OF_MASK + "'");
    configure();
    holdfast("init").run().succeeded();
    holdfast("backup", "shop").run().succeeded();
  }

  private void configure() throws IOException {
    String app =
        """
          %1$s:
            sources:
              main:
                postgres:
                  settings: {host: 127.0.0.1, port: %2$d, user: keeper, dbname: %3$s}
                  password-file: %4$s/password
        """;
    Files.writeString(
        folder.resolve("holdfast.yaml"),
        "apps:\n"
            + app.formatted("shop", server.port(), "shop", folder)
            + app.formatted("demo", server.port(), "trial", folder)
            + """
                recover:
                  masks: {main: %1$s/mask.sql}
                  after:
                    - redis: {port: %2$d, password-env: THE_PASSWORD_OF_REDIS, delete-everything: true}
                  health:
                    - sql: {source: main, query: "SELECT mail LIKE '%%mask' FROM t"}
            """
                .formatted(folder, redisPort));
  }

  private void startRedis() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      redisPort = free.getLocalPort();
    }
    Path configuration =
        Files.writeString(
            folder.resolve("redis.conf"),
            "bind 127.0.0.1\nport %d\nsave \"\"\ndir %s\nrequirepass %s\n"
                .formatted(redisPort, folder, OF_REDIS));
    redis = Command.of("redis-server", configuration.toString()).start();
    String line;
    do {
      line = redis.inputReader().readLine();
    } while (line != null && !line.contains("Ready to accept connections"));
    assertThat(line).as("redis-server has started").isNotNull();
    assertThat(redis("SET", "session:1", "x")).isEqualTo("OK");
  }

  private String redis(String... words) {
    return Command.of("redis-cli", "-p", Integer.toString(redisPort))
        .with(words)
        .withEnvironment("REDISCLI_AUTH", OF_REDIS)
        .run()
        .succeeded()
        .output()
        .strip();
  }

  @AfterEach
  void stop() {
    redis.destroyForcibly();
    server.close();
  }

  private Command holdfast(String... arguments) {
    return HoldfastProgram.launcher()
        .with(Ssh.repository(client, folder.resolve("repository")))
        .with(arguments)
        .withEnvironment("HOLDFAST_CONFIG", folder.resolve("holdfast.yaml").toString())
        .withEnvironment("HOLDFAST_PASSWORD", OF_REPOSITORY)
        .withEnvironment("THE_PASSWORD_OF_REDIS", OF_REDIS)
        .withEnvironment("XDG_STATE_HOME", folder.resolve("state").toString())
        .withEnvironment("XDG_CACHE_HOME", folder.resolve("cache").toString());
  }

  /// Runs a command to its end, and reads the arguments of all processes meanwhile.
  private void watch(Command command) throws Exception {
    programs.clear();
    Process process = command.start();
    try {
      long start = System.nanoTime();
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        look(process.toHandle());
        assertThat(System.nanoTime() - start).as("it ends").isLessThan(LIMIT_NANOS);
      }
      String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as(said).isZero();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private void look(ProcessHandle process) throws IOException {
    process.descendants().forEach(each -> program(each.pid()));
    program(process.pid());
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path each : all) {
        String arguments = arguments(each);
        if (SECRETS.stream().anyMatch(arguments::contains)) {
          told.add(arguments);
        }
      }
    }
  }

  private void program(long pid) {
    String first = arguments(Path.of("/proc", Long.toString(pid))).split(" ", 2)[0];
    programs.add(first.substring(first.lastIndexOf('/') + 1));
  }

  /// Separated by blanks; empty if the process is gone.
  private static String arguments(Path process) {
    try {
      return new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.ISO_8859_1)
          .replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void noPasswordAndNoStatementOfAMaskIsAmongTheArgumentsOfAnyProcess() throws Exception {
    watch(holdfast("recover", "demo", "--from", "shop", "--yes"));

    assertThat(programs).contains("java", "psql", "pg_dump", "pg_restore", "ssh");
    assertThat(server.sql("trial", "SELECT mail FROM t")).isEqualTo(OF_MASK);
    assertThat(redis("DBSIZE")).isEqualTo("0");

    watch(holdfast("drill", "shop"));

    assertThat(programs).contains("java", "psql", "pg_restore", "postgres", "ssh");

    String shared = "postgresql://keeper@127.0.0.1:" + server.port() + "/postgres";
    watch(holdfast("drill", "shop", "--postgres", shared).withEnvironment("PGPASSWORD", OF_SERVER));

    assertThat(programs).contains("java", "psql", "pg_restore", "ssh");
    assertThat(told).isEmpty();
  }
}
