package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Servers that are there and say nothing.
@Timeout(120)
class SilentServerTest {
  @TempDir Path folder;
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final Silence silence = new Silence(Duration.ofMillis(200), told::add);

  @Test
  void oneThatTakesConnectionsAndNeverAnswersIsGivenUp() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String address = "postgresql://u@127.0.0.1:" + mute.getLocalPort() + "/d?connect_timeout=2";
      assertThatThrownBy(() -> Dumps.connect(address, Dumps.environment(), silence))
          .isInstanceOfSatisfying(
              HoldfastException.class,
              failed -> {
                assertThat(failed).hasMessageContaining("timeout expired");
                assertThat(failed.hint()).contains("connect_timeout");
              });
    }
  }

  @Test
  void aDumpThatWaitsIsToldAndGoesOnWhenItCan() throws Exception {
    try (PostgresServerProcess process = PostgresServerProcess.start(15)) {
      process.sql("postgres", "CREATE DATABASE shop");
      process.sql("shop", "CREATE TABLE t AS SELECT 1 AS id");
      try (PostgresServer server =
              Dumps.connect(process.address("shop"), Dumps.environment(), silence);
          PostgresRecovery other =
              PostgresRecovery.connect(
                  PostgresSettings.parse(process.address("shop"), Map.of()), Dumps.environment());
          PinnedDatabase pinned = server.pin("shop")) {
        told.clear();
        // A migration of the table, which the dump has to wait for.
        CompletableFuture<SourceFacts> dump;
        try (PsqlSession migration = other.openTo("shop")) {
          migration.execute("BEGIN");
          migration.execute("LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE");
          dump = CompletableFuture.supplyAsync(() -> Dumps.write(pinned, folder.resolve("d")));
          assertThat(told.poll(1, TimeUnit.MINUTES))
              .contains("the database 'shop' has said nothing for", "is waited for");
        }
        assertThat(dump.get(1, TimeUnit.MINUTES).tables())
            .containsExactly(new TableRows("public.t", 1, true));
      }
    }
  }

  @Test
  void aLoadThatWaitsIsTold() throws Exception {
    try (PostgresServerProcess process = PostgresServerProcess.start(15)) {
      process.sql("postgres", "CREATE DATABASE shop");
      process.sql(
          "shop",
          "CREATE FUNCTION slow(integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql"
              + " AS 'BEGIN PERFORM pg_sleep(2); RETURN $1; END';"
              + " CREATE TABLE t AS SELECT 1 AS id; CREATE INDEX ON t (slow(id))");
      Path file = folder.resolve("shop.dump");
      Optional<SourceFacts> facts;
      try (PostgresServer server = Dumps.connect(process.address("shop"))) {
        facts = Optional.of(Dumps.write(server.pin("shop"), file));
      }
      byte[] whole = Files.readAllBytes(file);
      PostgresSettings settings = PostgresSettings.parse(process.address("postgres"), Map.of());
      List<String> scratch = List.of(folder.toString());
      try (PostgresRecovery server =
              PostgresRecovery.connect(settings, Dumps.environment(), silence, Set.of());
          SeekableDump dump =
              SeekableDump.of("a dump", scratch, whole.length, output -> output.write(whole))) {
        new StagedDatabase(server, "again").load(dump, 0, facts);
      }
      assertThat(told)
          .anyMatch(line -> line.startsWith("pg_restore into 'again' has said nothing for "));
    }
  }
}
