package dev.holdfast.engine.recover;

import static dev.holdfast.engine.recover.Place.names;
import static dev.holdfast.engine.recover.Place.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.Limits;
import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.recover.service.FakeMachine;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two databases of one app with a service: a file that says whether it runs, and a log of what was
/// asked of it. Whatever fails, both databases are old or both are new, and the service runs.
@Tag("slow")
class RecoverServiceTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Path data;
  private Path users;
  private Path notes;
  private Path running;
  private Path asked;
  private Place place;
  private SnapshotView snapshot;

  @BeforeEach
  void anAppThatRuns() throws IOException {
    data = Files.createDirectory(folder.resolve("data")).toRealPath();
    users = data.resolve("users.db");
    notes = data.resolve("notes.db");
    running = folder.resolve("running");
    asked = folder.resolve("asked");
    Files.writeString(asked, "");
    Files.writeString(running, "");
    for (Path each : List.of(users, notes)) {
      sqlite(each, "CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1);");
    }
    place = Place.in(folder);
    snapshot = place.backUp(users, notes);
    sqlite(users, "INSERT INTO t VALUES(2)");
    sqlite(notes, "INSERT INTO t VALUES(2)");
    place.with(service());
  }

  @AfterEach
  void close() {
    place.close();
  }

  private ServiceSettings service() {
    return ServiceSettings.of(commands());
  }

  private Service.Commands commands() {
    return new Service.Commands(
        ServiceSettings.shell("rm -f " + running + "; echo stop >> " + asked),
        ServiceSettings.shell("touch " + running + "; echo start >> " + asked),
        List.of("test", "-e", running.toString()),
        Limits.NONE);
  }

  private List<String> asked() {
    try {
      return Files.readAllLines(asked, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String rows(Path file) {
    return sqlite(file, "SELECT count(*) FROM t");
  }

  private void assertOldStateAndRunning() {
    assertThat(rows(users) + rows(notes)).isEqualTo("22");
    assertThat(names(data)).containsExactly("notes.db", "users.db");
    assertThat(place.open()).as("open journals").isEmpty();
    assertThat(Files.exists(running)).as("service runs").isTrue();
  }

  private void assertNewStateAndRunning() {
    assertThat(rows(users) + rows(notes)).isEqualTo("11");
    assertThat(names(data)).hasSize(4).noneMatch(name -> name.startsWith(".holdfast"));
    assertThat(place.open()).as("open journals").isEmpty();
    assertThat(Files.exists(running)).as("service runs").isTrue();
  }

  @Test
  void theServiceStopsForTheSwapAndRunsAgainOnTheNewData() {
    Outcome outcome = place.recover(snapshot, users, notes);

    assertThat(outcome.isRecovered()).isTrue();
    assertThat(asked()).containsExactly("stop", "start");
    assertNewStateAndRunning();
  }

  @Test
  void aServiceThatDidNotRunIsNotStarted() throws IOException {
    Files.delete(running);

    assertThat(place.recover(snapshot, users, notes).isRecovered()).isTrue();

    assertThat(asked()).isEmpty();
    assertThat(running).doesNotExist();
  }

  @Test
  void aServiceThatDoesNotStopInTimeIsStartedAgainAndNothingIsTouched() {
    ServiceSettings stubborn =
        ServiceSettings.of(
            ServiceSettings.shell("echo stop >> " + asked + "; exec sleep 60"),
            commands().start(),
            List.of());
    place.with(stubborn.withLimits(SHORT, LONG, LONG));

    Outcome outcome = place.recover(snapshot, users, notes);

    assertThat(outcome.ending()).contains(Ending.ROLLED_BACK);
    assertThat(outcome.cause().orElseThrow()).hasMessageContaining("did not end within 1 s");
    assertThat(asked()).containsExactly("stop", "start");
    assertOldStateAndRunning();
  }

  @Test
  void aHealthCheckThatFailsBringsTheOldDataAndTheServiceBack() {
    HealthCheck.Question twoRows =
        new HealthCheck.Sql(users.toString(), "SELECT count(*) > 1 FROM t", Optional.empty());
    place.with(
        service().withHealth(List.of(HealthCheck.of(twoRows))).withLimits(LONG, LONG, SHORT));

    Outcome outcome = place.recover(snapshot, users, notes);

    assertThat(outcome.ending()).contains(Ending.ROLLED_BACK);
    assertThat(outcome.cause().orElseThrow())
        .hasMessageContaining("not well with the recovered data");
    assertThat(asked()).containsExactly("stop", "start", "stop", "start");
    assertOldStateAndRunning();
  }

  @Test
  void whatTheServiceWroteBeforeItsHealthCheckFailedDoesNotStay() {
    String write = "sqlite3 %s 'PRAGMA journal_mode=WAL; DELETE FROM t;'; false".formatted(users);
    HealthCheck check = HealthCheck.of(new HealthCheck.Command(ServiceSettings.shell(write)));
    place.with(service().withHealth(List.of(check)).withLimits(LONG, LONG, SHORT));

    assertThat(place.recover(snapshot, users, notes).ending()).contains(Ending.ROLLED_BACK);

    assertOldStateAndRunning();
  }

  @Test
  void aHealthCheckThatSucceedsLateIsGoodEnough() {
    HealthCheck check =
        HealthCheck.of(
            new HealthCheck.Command(
                ServiceSettings.shell(
                    "test -e %1$s/tried || { touch %1$s/tried; false; }".formatted(folder))));
    place.with(service().withHealth(List.of(check)));

    assertThat(place.recover(snapshot, users, notes).isRecovered()).isTrue();
    assertNewStateAndRunning();
  }

  @Test
  void aQueryMustHaveTheAnswerThatIsExpectedInEveryDatabase() {
    HealthCheck.Sql one = new HealthCheck.Sql("", "SELECT count(*) FROM t", Optional.of("1"));
    place.with(service().withHealth(List.of(HealthCheck.of(one))));
    assertThat(place.recover(snapshot, users, notes).isRecovered()).isTrue();
    assertNewStateAndRunning();

    sqlite(users, "INSERT INTO t VALUES(2)");
    HealthCheck.Sql two = new HealthCheck.Sql("", "SELECT count(*) FROM t", Optional.of("2"));
    place.with(service().withHealth(List.of(HealthCheck.of(two))).withLimits(LONG, LONG, SHORT));
    Outcome outcome = place.recover(snapshot, users, notes);
    assertThat(outcome.ending()).contains(Ending.ROLLED_BACK);
    assertThat(outcome.cause().orElseThrow()).hasMessageContaining("it answers '1' instead of '2'");
    assertThat(rows(users) + rows(notes)).isEqualTo("21");
    assertThat(Files.exists(running)).as("service runs").isTrue();
  }

  @Test
  void ofSeveralServicesTheOneThatStandsStillStaysSoWhenAllIsTakenBack() throws IOException {
    FakeMachine machine = new FakeMachine(Files.createDirectory(folder.resolve("machine")));
    machine.unit("shop.service", "active");
    machine.unit("idle.service", "inactive");
    machine.container("web", "running");
    place.with(machine.outside());
    HealthCheck never = HealthCheck.of(new HealthCheck.Command(List.of("false")));
    place.with(
        ServiceSettings.NONE
            .withServices(
                List.of(
                    new Service.Systemd("idle.service", Limits.NONE),
                    new Service.Container("web", Limits.NONE),
                    new Service.Systemd("shop.service", Limits.NONE)))
            .withHealth(List.of(never.within(SHORT))));

    Outcome outcome = place.recover(snapshot, users, notes);

    assertThat(outcome.ending()).contains(Ending.ROLLED_BACK);
    assertThat(machine.unit("idle.service")).isEqualTo("inactive");
    assertThat(machine.unit("shop.service") + machine.container("web")).isEqualTo("activerunning");
    assertThat(machine.changes())
        .containsExactly(
            "stop web",
            "stop shop.service",
            "start shop.service",
            "start web",
            "stop web",
            "stop shop.service",
            "start shop.service",
            "start web");
    assertOldStateAndRunning();
  }

  @Test
  void ofSeveralServicesOneThatDoesNotStopBringsTheOthersBack() throws IOException {
    FakeMachine machine = new FakeMachine(Files.createDirectory(folder.resolve("machine")));
    machine.unit("shop.service", "active");
    place.with(machine.outside());
    place.with(
        ServiceSettings.NONE.withServices(
            List.of(
                new Service.Systemd("shop.service", Limits.NONE),
                new Service.Commands(List.of("false"), List.of("true"), List.of(), Limits.NONE))));

    Outcome outcome = place.recover(snapshot, users, notes);

    assertThat(outcome.ending()).contains(Ending.ROLLED_BACK);
    assertThat(outcome.cause().orElseThrow())
        .hasMessage("the service could not be stopped: 'false' ended with status 1");
    assertThat(machine.unit("shop.service")).isEqualTo("active");
    assertOldStateAndRunning();
  }

  @Test
  void aUnitThatDoesNotExistEndsItBeforeAnythingIsDone() throws IOException {
    FakeMachine machine = new FakeMachine(Files.createDirectory(folder.resolve("machine")));
    place.with(machine.outside());
    place.with(ServiceSettings.of(new Service.Systemd("shp.service", Limits.NONE)));

    Outcome outcome = place.recover(snapshot, users, notes);

    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertThat(outcome.cause().orElseThrow()).hasMessage("systemd knows no unit shp.service");
    assertOldStateAndRunning();
  }

  @Test
  void theCommandsThatAdaptRunWhileTheServiceIsStopped() {
    List<String> adapt =
        ServiceSettings.shell(
            "test ! -e %s && sqlite3 %s 'INSERT INTO t VALUES(9)'".formatted(running, users));
    place.with(service().withAdapt(List.of(adapt)));

    assertThat(place.recover(snapshot, users, notes).isRecovered()).isTrue();

    assertThat(sqlite(users, "SELECT max(id) FROM t")).isEqualTo("9");
  }

  @Test
  void aCommandThatCannotAdaptTakesEverythingBack() {
    place.with(service().withAdapt(List.of(List.of("false"))));

    Outcome outcome = place.recover(snapshot, users, notes);

    assertThat(outcome.ending()).contains(Ending.ROLLED_BACK);
    assertOldStateAndRunning();
  }

  @Test
  void aServiceThatCannotBeStartedLeavesTheJournalOpenAndARollbackTriesAgain() throws IOException {
    Path broken = folder.resolve("broken");
    Files.writeString(broken, "");
    place.with(
        ServiceSettings.of(
            commands().stop(),
            ServiceSettings.shell("test ! -e %s && touch %s".formatted(broken, running)),
            commands().status()));

    Outcome outcome = place.recover(snapshot, users, notes);

    assertThat(outcome.ending()).isEmpty();
    assertThat(outcome.obstacle().orElseThrow()).hasMessageContaining("could not be started");
    assertThat(rows(users) + rows(notes)).isEqualTo("22");
    String id = place.open().getFirst().journal().plan().id();
    Files.delete(broken);
    assertThat(place.recoveries().rollBack(id, place.means(RecoverObserver.NONE)).ending())
        .contains(Ending.ROLLED_BACK);
    assertOldStateAndRunning();
  }

  /// Fails once, before or after a step.
  private static RecoverObserver failing(Step step, boolean before) {
    return event -> {
      boolean here =
          switch (event) {
            case RecoverEvent.Started started -> before && started.step() == step;
            case RecoverEvent.Done done -> !before && done.step() == step;
            default -> false;
          };
      if (here) {
        throw new HoldfastException.InputOutput("injected at " + step, "", null);
      }
    };
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void aFailureBeforeAnyStepLeavesTheOldState(Step step) {
    Outcome outcome = place.recover(failing(step, true), snapshot, users, notes);

    assertThat(outcome.ending())
        .contains(step.compareTo(Step.QUIESCE) <= 0 ? Ending.UNCHANGED : Ending.ROLLED_BACK);
    assertThat(outcome.cause().orElseThrow()).hasMessage("injected at " + step);
    assertOldStateAndRunning();
    if (step.compareTo(Step.QUIESCE) <= 0) {
      assertThat(asked()).as("nothing changed, nothing is rolled back").isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void aFailureAfterAnyStepButTheLastLeavesTheOldState(Step step) {
    Outcome outcome = place.recover(failing(step, false), snapshot, users, notes);

    if (step == Step.COMMIT) {
      assertThat(outcome.isRecovered()).isTrue();
      assertNewStateAndRunning();
    } else {
      assertThat(outcome.isRecovered()).isFalse();
      assertOldStateAndRunning();
    }
  }

  @Test
  void aFailureInsideTheLongStepsLeavesTheOldState() {
    for (Step step : List.of(Step.RESTORE_POINT, Step.STAGE)) {
      RecoverObserver inside =
          event -> {
            if (event instanceof RecoverEvent.Progress progress && progress.step() == step) {
              throw new HoldfastException.InputOutput("injected inside of " + step, "", null);
            }
          };

      Outcome outcome = place.recover(inside, snapshot, users, notes);

      assertThat(outcome.ending()).as("%s", step).contains(Ending.UNCHANGED);
      assertThat(asked()).isEmpty();
      assertOldStateAndRunning();
    }
  }

  @Test
  void anInterruptTakesEverythingBack() {
    RecoverObserver interrupt =
        event -> {
          if (event instanceof RecoverEvent.Started started && started.step() == Step.START) {
            Thread.currentThread().interrupt();
          }
        };
    HealthCheck never = HealthCheck.of(new HealthCheck.Command(List.of("false")));
    place.with(service().withHealth(List.of(never)));

    Outcome outcome = place.recover(interrupt, snapshot, users, notes);

    assertThat(outcome.cause().orElseThrow()).isInstanceOf(HoldfastException.Cancelled.class);
    assertOldStateAndRunning();
  }
}
