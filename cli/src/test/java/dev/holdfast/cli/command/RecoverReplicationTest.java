package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases that take part in logical replication: what does not go on by itself is told, and does
/// not keep a safety copy from being deleted.
class RecoverReplicationTest {
  @TempDir private Path folder;

  @Test
  void subscriptionsAndSlotsAreNamedInThePlanAndASafetyCopyWithThemIsDeleted() throws IOException {
    try (PostgresServerProcess server = PostgresServerProcess.start(15, "wal_level=logical")) {
      server.sql("postgres", "CREATE DATABASE follower");
      server.sql(
          "follower",
          "CREATE TABLE t(x int); CREATE SUBSCRIPTION \"order\" CONNECTION 'host=nowhere.invalid'"
              + " PUBLICATION p WITH (connect = false)");
      server.sql("follower", "SELECT pg_create_logical_replication_slot('listener', 'pgoutput')");
      Run run = Run.on(folder, folder.resolve("repository"));
      run.holdfast("init").done();
      String address = server.address("follower");
      run.holdfast("backup", "--postgres", address).done();

      Run.Ended ended =
          run.holdfast("recover", "--postgres", address, "--yes", "--no-restore-point").done();

      assertThat(ended.out())
          .contains("the subscriptions of follower are not enabled in the new state")
          .contains("know nothing: order")
          .contains("the logical replication slots of follower stay with the former state")
          .contains("of the new one: listener");
      assertThat(subscriptions(server)).isEqualTo("order|f|order\norder|f|order");
      run.holdfast("recover", "confirm", "--yes").done();
      assertThat(subscriptions(server)).isEqualTo("order|f|order");
      assertThat(
              server.sql(
                  "postgres",
                  "SELECT string_agg(datname, ' ') FROM pg_database WHERE datname LIKE 'follower%'"))
          .isEqualTo("follower");
    }
  }

  private static String subscriptions(PostgresServerProcess server) {
    return server.sql("follower", "SELECT subname, subenabled, subslotname FROM pg_subscription");
  }
}
