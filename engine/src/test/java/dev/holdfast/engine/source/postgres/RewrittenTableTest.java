package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a table after the state was fixed, and before `pg_dump` holds it.
class RewrittenTableTest {
  private static PostgresServerProcess process;
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    process = PostgresServerProcess.start(15);
    process.sql("postgres", "CREATE DATABASE shop");
  }

  @AfterAll
  static void stop() {
    process.close();
  }

  @BeforeEach
  void twoTables() {
    process.sql(
        "shop",
        """
        DROP TABLE IF EXISTS orders, idle;
        CREATE TABLE orders AS SELECT generate_series(1, 1000) AS id;
        CREATE INDEX orders_id ON orders(id);
        CREATE TABLE idle(id int);
        """);
  }

  private List<TableRows> dumpAfter(String statement) {
    try (PostgresServer server = Dumps.connect(process.address("shop"))) {
      PinnedDatabase pinned = server.pin("shop");
      process.sql("shop", statement);
      return Dumps.write(pinned, folder.resolve("shop.dump")).tables();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders ALTER id TYPE bigint",
        "TRUNCATE orders",
        "BEGIN; TRUNCATE orders; INSERT INTO orders VALUES (1); COMMIT"
      })
  void oneWhoseRowsCannotBeSeenAnyMoreIsNotStoredAsEmpty(String statement) {
    assertThatThrownBy(() -> dumpAfter(statement))
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageStartingWith("the table public.orders of the database 'shop' was emptied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"VACUUM FULL orders", "CLUSTER orders USING orders_id"})
  void oneThatIsWrittenAnewWithTheRowsOfBeforeIsStored(String statement) {
    assertThat(dumpAfter(statement))
        .containsExactly(
            new TableRows("public.idle", 0, true), new TableRows("public.orders", 1000, true));
  }

  @Test
  void rowsThatComeAndGoAreNoReason() {
    assertThat(dumpAfter("INSERT INTO idle VALUES (1); DELETE FROM orders"))
        .containsExactly(
            new TableRows("public.idle", 0, true), new TableRows("public.orders", 1000, true));
  }
}
