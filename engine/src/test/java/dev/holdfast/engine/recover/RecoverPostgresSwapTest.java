package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.FaultsScene.Kind;
import dev.holdfast.engine.recover.PostgresRelay.Break;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The connection is lost, or the server, inside the transaction in which two databases change
/// names, or the content of one is replaced: whether it was done is asked of the server, and the
/// end is the old state or the new one.
@Tag("slow")
final class RecoverPostgresSwapTest {
  private static final String RENAME = "RENAME TO";

  private static PostgresServerProcess server;

  @TempDir Path folder;
  private FaultsScene scene;
  private PostgresRelay relay;

  @BeforeAll
  static void start() {
    server = PostgresServerProcess.start(15);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void prepare(Kind kind) throws IOException {
    relay = new PostgresRelay(server.port());
    scene = new FaultsScene(kind, folder, server).through(relay.port());
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
    relay.close();
  }

  /// The first `COMMIT` after a statement of the transaction that is meant.
  private static Predicate<String> commitAfter(String words) {
    AtomicBoolean isInside = new AtomicBoolean();
    return statement -> {
      if (statement.contains(words)) {
        isInside.set(true);
      }
      return isInside.get() && statement.startsWith("COMMIT");
    };
  }

  private static boolean isRename(String statement) {
    return statement.contains(RENAME);
  }

  private void assertTakenBack(Outcome outcome, String where) {
    assertThat(relay.broken()).as(where).isOne();
    assertThat(outcome.obstacle()).as(where).isEmpty();
    assertThat(outcome.ending()).as(where).contains(Ending.ROLLED_BACK);
    scene.assertOld(outcome, where);
  }

  @ParameterizedTest
  @EnumSource(Break.class)
  void aConnectionThatIsLostAtTheCommitOfTheSwapLeavesTheOldState(Break how) throws Exception {
    prepare(Kind.MIXED);
    relay.breakAt(commitAfter(RENAME), how, () -> {});

    Outcome outcome = scene.recover(RecoverObserver.NONE);

    relay.deliver();
    assertThat(outcome.cause().orElseThrow())
        .hasMessageContaining("server closed the connection unexpectedly");
    assertTakenBack(outcome, how.toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = Break.class,
      names = {"BEFORE", "UNNOTICED"})
  void aConnectionThatIsLostInsideOfTheSwapLeavesTheOldState(Break how) throws Exception {
    prepare(Kind.POSTGRES);
    relay.breakAt(RecoverPostgresSwapTest::isRename, how, () -> {});

    Outcome outcome = scene.recover(RecoverObserver.NONE);

    relay.deliver();
    assertTakenBack(outcome, how.toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = Break.class,
      names = {"BEFORE", "AFTER"})
  void aServerThatIsRestartedAtTheCommitOfTheSwapHasTheOldState(Break how) throws Exception {
    prepare(Kind.MIXED);
    relay.breakAt(commitAfter(RENAME), how, server::crash);

    Outcome outcome = scene.recover(RecoverObserver.NONE);

    assertTakenBack(outcome, how.toString());
  }

  @Test
  void aServerThatIsNotThereForAWhileIsWaitedForOnTheWayBack() throws Exception {
    prepare(Kind.POSTGRES);
    relay.breakAt(commitAfter(RENAME), Break.AFTER, server::halt);

    List<String> told = new ArrayList<>();
    Outcome outcome =
        scene.recover(event -> {
          if (event instanceof RecoverEvent.Notice notice) {
            told.add(notice.text());
            if (told.size() == 1) {
              server.startAgain();
            }
          }
        });

    assertTakenBack(outcome, "halted");
    assertThat(told).hasSize(2);
    assertThat(told.getFirst()).contains("does not answer: waiting for it, for up to 60 s");
    assertThat(told.getLast()).endsWith("answers again");
  }

  @ParameterizedTest
  @EnumSource(
      value = Break.class,
      names = {"UNNOTICED", "AFTER"})
  void aConnectionThatIsLostAtTheCommitInPlaceLeavesTheOldContent(Break how) throws Exception {
    prepare(Kind.FILES);
    try (Place place = Place.in(Files.createDirectory(folder.resolve("in-place")))) {
      server.sql(
          "postgres",
          "CREATE ROLE limited LOGIN PASSWORD '%s'".formatted(PostgresServerProcess.PASSWORD));
      server.sql("postgres", "CREATE DATABASE small OWNER limited");
      DatabaseScene small =
          new DatabaseScene(place, server, "small").as("limited").through(relay.port());
      small.sql("SET SESSION AUTHORIZATION limited; CREATE TABLE t AS SELECT 1 AS x");
      SnapshotView snapshot = small.backUp();
      small.sql("INSERT INTO t VALUES (2)");
      relay.breakAt(commitAfter("holdfast_expected"), how, () -> {});

      Outcome outcome = small.recover(snapshot);

      assertThat(relay.broken()).isOne();
      assertThat(outcome.cause().orElseThrow())
          .hasMessageContaining("server closed the connection unexpectedly");
      assertThat(outcome.obstacle()).isEmpty();
      assertThat(outcome.ending()).contains(Ending.ROLLED_BACK);
      assertThat(small.sql("SELECT count(*) FROM t")).isEqualTo("2");
      assertThat(place.open()).isEmpty();
    } finally {
      server.sql("postgres", "DROP DATABASE IF EXISTS small WITH (FORCE)");
      server.sql("postgres", "DROP ROLE IF EXISTS limited");
    }
  }
}
