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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
}
