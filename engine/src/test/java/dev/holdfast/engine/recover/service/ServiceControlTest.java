package dev.holdfast.engine.recover.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.config.recovery.Limits;
import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Units of systemd and containers of Docker, by programs that behave like the real ones.
class ServiceControlTest {
  private static final Limits SHORT =
      new Limits(Optional.of(Duration.ofSeconds(1)), Optional.of(Duration.ofSeconds(60)));

  @TempDir Path folder;
  private FakeMachine machine;

  @BeforeEach
  void aMachine() throws IOException {
    machine = new FakeMachine(folder);
    machine.unit("shop.service", "active");
    machine.unit("worker.service", "active");
    machine.container("web", "running");
    machine.container("queue", "exited");
    machine.container("mailer", "running");
  }

  private ServiceControl control(Service... services) {
    return new ServiceControl(
        ServiceSettings.NONE.withServices(List.of(services)),
        machine.outside(),
        (_, _) -> List.of());
  }

  private static Service unit(String name) {
    return new Service.Systemd(name, Limits.NONE);
  }

  private static Service container(String name) {
    return new Service.Container(name, Limits.NONE);
  }

  private static Service project(String... services) {
    return new Service.Compose(
        Optional.of("shop"), Optional.empty(), List.of(services), Limits.NONE);
  }

  @Test
  void servicesStopInOrderAndStartInTheOppositeOne() throws IOException {
    ServiceControl control =
        control(unit("worker.service"), container("web"), unit("shop.service"));
    Map<String, String> before = control.running();

    control.stop(before);
    assertThat(machine.unit("shop.service")).isEqualTo("inactive");
    assertThat(machine.container("web")).isEqualTo("exited");
    control.start(before);

    assertThat(machine.changes())
        .containsExactly(
            "stop worker.service",
            "stop web",
            "stop shop.service",
            "start shop.service",
            "start web",
            "start worker.service");
  }

  @ParameterizedTest
  @CsvSource({
    "active, running",
    "activating, running",
    "reloading, running",
    "inactive, ''",
    "failed, ''",
    "deactivating, ''"
  })
  void theStateOfAUnitSaysWhetherItIsStartedAgain(String state, String ran) throws IOException {
    machine.unit("shop.service", state);
    ServiceControl control = control(unit("shop.service"));

    Map<String, String> before = control.running();
    assertThat(before).containsEntry("service 0", ran);
    if (ran.isEmpty()) {
      control.stop(before);
      control.start(before);
      assertThat(machine.changes()).isEmpty();
      assertThat(machine.unit("shop.service")).isEqualTo(state);
    }
  }

  @Test
  void aUnitThatDoesNotExistIsAnErrorAndNotAStoppedOne() {
    assertThatThrownBy(() -> control(unit("shp.service")).validate())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessage("systemd knows no unit shp.service");
  }

  @Test
  void withoutSystemdNothingIsTakenToBeStopped() throws IOException {
    machine.withoutBus();

    assertThatThrownBy(() -> control(unit("shop.service")).validate())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("it cannot be told whether the unit shop.service runs")
        .hasMessageContaining("has not been booted with systemd");
  }

  @Test
  void aUnitThatDoesNotStopInTimeIsNamed() throws IOException {
    machine.trait("shop.service.stubborn", true);
    ServiceControl control = control(unit("shop.service").withLimits(SHORT));
    Map<String, String> before = control.running();

    assertThatThrownBy(() -> control.stop(before))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessage(
            "the unit shop.service could not be stopped: 'systemctl' did not end within 1 s");
  }

  @Test
  void aUnitThatFailedTooOftenIsStartedAllTheSame() throws IOException {
    ServiceControl control = control(unit("shop.service"));
    Map<String, String> before = control.running();
    control.stop(before);
    machine.trait("shop.service.limit", true);

    control.startAgain(before);

    assertThat(machine.unit("shop.service")).isEqualTo("active");
    assertThat(machine.changes())
        .endsWith("start shop.service", "reset-failed shop.service", "start shop.service");
  }

  @Test
  void ofSeveralTheOthersAreStartedWhenOneCannotBe() throws IOException {
    ServiceControl control =
        control(unit("worker.service"), unit("shop.service"), container("web"));
    Map<String, String> before = control.running();
    control.stop(before);
    machine.trait("shop.service.broken", true);

    assertThatThrownBy(() -> control.startAgain(before))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("the unit shop.service could not be started");

    assertThat(machine.unit("worker.service")).isEqualTo("active");
    assertThat(machine.container("web")).isEqualTo("running");
    machine.trait("shop.service.broken", false);
    control.startAgain(before);
    assertThat(machine.unit("shop.service")).isEqualTo("active");
  }

  @Test
  void aContainerThatDoesNotExistIsAnError() {
    assertThatThrownBy(() -> control(container("wbe")).validate())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("No such container: wbe");
  }

  @Test
  void aContainerThatWouldBeRemovedByStoppingIsRefused() throws IOException {
    machine.trait("web.rm", true);

    assertThatThrownBy(() -> control(container("web")).validate())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("the container web is removed when it stops");
  }

  @Test
  void aContainerThatIsPausedIsRefused() throws IOException {
    machine.container("web", "paused");

    assertThatThrownBy(() -> control(container("web")).validate())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("paused");
  }

  @Test
  void theStopLimitOfAContainerIsDockersToo() throws IOException {
    Limits limits = new Limits(Optional.of(Duration.ofSeconds(45)), Optional.empty());
    ServiceControl control = control(container("web").withLimits(limits), container("mailer"));

    control.stop(control.running());

    assertThat(machine.asked()).contains("docker stop -t 45 -- web", "docker stop -- mailer");
  }

  @Test
  void ofAProjectOnlyWhatRanIsStartedAgain() throws IOException {
    ServiceControl control = control(project("web", "queue", "mailer"));
    Map<String, String> before = control.running();
    assertThat(before.get("service 0").split(" ")).containsExactlyInAnyOrder("web", "mailer");

    control.stop(before);
    assertThat(machine.container("web") + machine.container("mailer")).isEqualTo("exitedexited");
    control.start(before);

    assertThat(machine.container("web") + machine.container("mailer")).isEqualTo("runningrunning");
    assertThat(machine.container("queue")).isEqualTo("exited");
  }

  @Test
  void aServiceThatSaysThatItStillRunsIsNotStopped() {
    Service service =
        new Service.Commands(List.of("true"), List.of("true"), List.of("true"), SHORT);
    ServiceControl control = control(service);

    assertThatThrownBy(() -> control.stop(control.running()))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("still runs after 1 s");
  }

  @Test
  void commandsDoNotGetThePasswordOfTheRepository() {
    Outside outside =
        new Outside(
            Map.of("RESTIC_PASSWORD", "hunter2", "HOLDFAST_PASSWORD", "hunter2", "LEFT", "x"),
            (_, _) -> new byte[0]);

    assertThat(new TimedCommand(outside.environment()).run(List.of("env"), SHORT.start()).answer())
        .contains("LEFT=x")
        .doesNotContain("hunter2");
  }
}
