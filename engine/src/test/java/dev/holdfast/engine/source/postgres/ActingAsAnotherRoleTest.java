package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A user that `ALTER ROLE … SET role` lets act as the owner of everything, who may not see what
/// that user's own sessions do, nor end them.
class ActingAsAnotherRoleTest {
  private static final DatabaseNames.Names NAMES =
      new DatabaseNames.Names("shop", "shop_holdfast_1", "shop_pre_restore_1");

  private static PostgresServerProcess process;

  private PostgresRecovery now;
  private PostgresRecovery earlier;

  @BeforeAll
  static void start() {
    process = PostgresServerProcess.start(15);
    process.sql(
        "postgres",
        "CREATE ROLE owners CREATEDB; CREATE ROLE deploy LOGIN IN ROLE owners;"
            + " ALTER ROLE deploy SET role = 'owners'");
    process.sql("postgres", "CREATE DATABASE shop OWNER owners");
    process.sql("postgres", "CREATE DATABASE shop_holdfast_1 OWNER owners");
  }

  @AfterAll
  static void stop() {
    process.close();
  }

  @BeforeEach
  void connect() {
    now = recovery();
    earlier = recovery();
  }

  @AfterEach
  void close() {
    earlier.close();
    now.close();
  }

  private static PostgresRecovery recovery() {
    String address = process.address("shop").replace("postgres@", "deploy@");
    return PostgresRecovery.connect(
        PostgresSettings.parse(address, Dumps.environment()), Dumps.environment());
  }

  private static void assertEnded(PsqlSession session) {
    assertThatThrownBy(() -> session.execute("SELECT 1"))
        .isInstanceOf(HoldfastException.InputOutput.class);
  }

  @Test
  void whatAnEarlierProcessLeftInTheNewDatabaseIsEnded() {
    try (PsqlSession left = earlier.openTo(NAMES.staged())) {
      new EarlierSessions(now, NAMES).end();

      assertEnded(left);
    }
    assertThat(now.user()).isEqualTo("owners");
    List<String> after = now.ask(asked -> asked.row("SELECT current_user", 1));
    assertThat(after).containsExactly("owners");
  }

  @Test
  void whoeverIsInTheMiddleOfAChangeOfNamesIsEnded() {
    try (PsqlSession left = earlier.openTo("postgres")) {
      left.execute("BEGIN");
      List<String> _ = left.row(new NamesLock(earlier, NAMES).take(), 1);

      new NamesLock(now, NAMES).endHolder();

      assertEnded(left);
    }
  }

  @Test
  void connectionsToWhatIsReplacedAreEnded() {
    try (PsqlSession left = earlier.openTo("shop")) {
      now.cutOff("shop");

      assertEnded(left);
    }
  }
}
