package dev.holdfast.engine.recover.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.config.Secret;
import dev.holdfast.engine.config.recovery.AfterAction.Redis;
import dev.holdfast.engine.config.recovery.AfterAction.RedisServer;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys of a real Redis server are deleted, and no others.
class RedisKeysTest {
  private static final Secret PASSWORD = new Secret.InVariable("PASSWORD");

  @TempDir Path folder;
  private Process server;
  private int port;

  @AfterEach
  void end() throws InterruptedException {
    if (server != null) {
      server.destroy();
      server.waitFor();
    }
  }

  /// Starts a server that listens on `port`, and waits until it does.
  private void start(String... more) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> words =
        new ArrayList<>(
            List.of(
                "redis-server", "--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
    for (String word : more) {
      words.add(word.replace("PORT", Integer.toString(port)));
    }
    if (!words.contains("--port")) {
      words.addAll(List.of("--port", Integer.toString(port)));
    }
    server = new ProcessBuilder(words).redirectErrorStream(true).start();
    String line;
    do {
      line = server.inputReader().readLine();
    } while (line != null && !line.contains("Ready to accept connections"));
    assertThat(line).as("redis-server has started").isNotNull();
  }

  private String redis(String... arguments) {
    return Command.of("redis-cli", "-p", Integer.toString(port))
        .with(arguments)
        .run()
        .succeeded()
        .output()
        .strip();
  }

  private void fill(String database, String prefix, int count) {
    redis(
        "-n",
        database,
        "EVAL",
        "for i = 1, ARGV[2] do redis.call('SET', ARGV[1] .. i, i) end",
        "0",
        prefix,
        Integer.toString(count));
  }

  private RedisServer server(int database) {
    return new RedisServer(
        "127.0.0.1", port, database, Optional.empty(), Optional.empty(), false, Optional.empty());
  }

  private static void delete(RedisServer server, String... prefixes) {
    keys(server, "hunter2", prefixes).delete();
  }

  private static RedisKeys keys(RedisServer server, String password, String... prefixes) {
    return new RedisKeys(
        new Redis(server, List.of(prefixes), Duration.ofMinutes(5)),
        (_, _) -> password.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keysWithThePrefixGoAndEverythingElseStays() throws IOException {
    start();
    fill("0", "session:", 5000);
    fill("0", "cache[1]*:", 10);
    fill("0", "cache1x:", 10);
    fill("0", "other:", 100);
    fill("1", "session:", 10);

    delete(server(0), "session:", "cache[1]*:");

    assertThat(redis("DBSIZE")).isEqualTo("110");
    assertThat(redis("-n", "1", "DBSIZE")).isEqualTo("10");
    assertThat(redis("INFO", "commandstats"))
        .contains("cmdstat_scan", "cmdstat_unlink")
        .doesNotContain("cmdstat_keys", "cmdstat_del:", "cmdstat_flush");
  }

  @Test
  void onlyWhoAsksForItLosesAWholeDatabaseAndNoOther() throws IOException {
    start();
    fill("0", "a", 10);
    fill("3", "a", 10);

    delete(server(3));

    assertThat(redis("-n", "3", "DBSIZE")).isEqualTo("0");
    assertThat(redis("DBSIZE")).isEqualTo("10");
  }

  @Test
  void aUserMayBeAllowedNoMoreThanIsNeeded() throws IOException {
    start(
        "--user",
        "holdfast",
        "on",
        ">hunter2",
        "~session:*",
        "resetchannels",
        "-@all",
        "+scan",
        "+unlink",
        "+select",
        "+ping");
    fill("2", "session:", 10);
    fill("2", "other:", 10);
    RedisServer asUser =
        new RedisServer(
            "127.0.0.1",
            port,
            2,
            Optional.of("holdfast"),
            Optional.of(PASSWORD),
            false,
            Optional.empty());

    delete(asUser, "session:");

    assertThat(redis("-n", "2", "DBSIZE")).isEqualTo("10");
    assertThatThrownBy(() -> keys(asUser, "wrong", "session:").check())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("the Redis at 127.0.0.1:" + port + " cannot be used")
        .hasMessageContaining("WRONGPASS")
        .hasMessageNotContaining("wrong\"");
    assertThatThrownBy(() -> keys(asUser, "hunter2", "other:").check())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("NOPERM");
    assertThatThrownBy(() -> delete(asUser, "other:"))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("NOPERM");
    redis("ACL", "SETUSER", "holdfast", "-scan");
    assertThatThrownBy(() -> keys(asUser, "hunter2", "session:").check())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("'scan'");
  }

  @Test
  void theConnectionIsEncryptedAndTheCertificateChecked() throws IOException {
    Path key = folder.resolve("key.pem");
    Path certificate = folder.resolve("certificate.pem");
    Command.of("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1")
        .with("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        .with("-keyout", key.toString(), "-out", certificate.toString())
        .run()
        .succeeded();
    start(
        "--port",
        "0",
        "--tls-port",
        "PORT",
        "--tls-cert-file",
        certificate.toString(),
        "--tls-key-file",
        key.toString(),
        "--tls-ca-cert-file",
        certificate.toString(),
        "--tls-auth-clients",
        "no");

    encrypted("localhost", Optional.of(certificate.toString())).check();
    assertThatThrownBy(() -> encrypted("localhost", Optional.empty()).check())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("unable to find valid certification path");
    assertThatThrownBy(() -> encrypted("127.0.0.1", Optional.of(certificate.toString())).check())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("cannot be used");
  }

  private RedisKeys encrypted(String host, Optional<String> certificates) {
    RedisServer server =
        new RedisServer(host, port, 0, Optional.empty(), Optional.empty(), true, certificates);
    return keys(server, "", "x");
  }

  @Test
  void aReplicaInWhichNothingCanBeDeletedIsRefusedBeforeAnythingIs() throws IOException {
    start();
    redis("REPLICAOF", "127.0.0.1", "1");

    assertThatThrownBy(() -> keys(server(0), "", "x").check())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("READONLY");
  }

  @Test
  void aClusterIsRefused() throws IOException {
    start("--cluster-enabled", "yes");

    assertThatThrownBy(() -> keys(server(0), "", "x").check())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("is a cluster");
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    start();
    server.destroy();
    server.onExit().join();

    assertThatThrownBy(() -> keys(server(0), "", "x").check())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("the Redis at 127.0.0.1:" + port + " cannot be used")
        .hasMessageContaining("Connection refused");
  }
}
