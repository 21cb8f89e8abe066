package dev.holdfast.engine.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.ConfigurationLoader;
import dev.holdfast.engine.hook.HookedRun.Outcome;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.Processes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HookedRunTest {
  private static final Outcome STORED = new Outcome(Optional.of("abc123"), Optional.empty());

  @TempDir Path folder;

  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));

  private HookedRun hooks(String hooks) {
    String yaml =
        """
        repositories: {r: {location: /r, password-env: MY_PASSWORD}}
        apps:
          shop:
            root: /r
            sources:
              s: {path: x}
              d: {postgres: {url-env: MY_URL, password-env: MY_OTHER}}
            recover:
              service:
                - maintenance:
                    on:
                      url: http://localhost/on
                      headers: {Authorization: {env: MY_TOKEN}}
                    off: {url: http://localhost/off}
              after:
                - redis: {host: localhost, password-env: MY_REDIS, delete-prefixes: [a]}
              health:
                - http: {url: http://localhost/, headers: {X-Key: {env: MY_KEY}}}
            hooks: {%s}
        """
            .formatted(hooks);
    Configuration configuration =
        ConfigurationLoader.read("f", yaml.getBytes(StandardCharsets.UTF_8), folder, Map.of())
            .configuration()
            .orElseThrow();
    return new HookedRun(configuration, configuration.app("shop"), "/r", environment, log::add);
  }

  @Test
  void hooksRunInOrderAndAreToldWhatHappens() {
    String say =
        "{run: 'echo $HOLDFAST_HOOK $HOLDFAST_APP $HOLDFAST_REPOSITORY $HOLDFAST_SNAPSHOT.'}";
    HookedRun run =
        hooks(
            "before: [%s, {run: [echo, second]}], after: [%s], on-error: [%s]"
                .formatted(say, say, say));
    assertThat(
            run.around(() -> {
              log.add("backup");
              return STORED;
            }))
        .isEmpty();
    assertThat(log)
        .containsExactly(
            "before: before shop /r .", "before: second", "backup", "after: after shop /r abc123.");
  }

  @Test
  void beforeThatFailsEndsItAndOnErrorIsTold() {
    HookedRun run =
        hooks(
            "before: [{run: 'echo oops; exit 7'}, {run: [echo, never]}],"
                + " on-error: [{run: 'echo $HOLDFAST_ERROR'}]");
    assertThatThrownBy(() ->
            run.around(() -> {
              throw new AssertionError("no backup may begin");
            }))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessage("the hook 'before' of app 'shop' failed with status 7");
    assertThat(log)
        .containsExactly(
            "before: oops", "on-error: the hook 'before' of app 'shop' failed with status 7");
  }

  @Test
  void backupThatFailsRunsOnErrorEachAndKeepsItsFailure() {
    HookedRun run =
        hooks(
            "after: [{run: [echo, never]}],"
                + " on-error: [{run: 'exit 1'}, {run: 'echo $HOLDFAST_ERROR'}]");
    assertThatThrownBy(() ->
            run.around(() -> {
              throw new HoldfastException.Rejected("the disk is full", "");
            }))
        .hasMessage("the disk is full");
    assertThat(log)
        .containsExactly(
            "on-error: the disk is full", "the hook 'on-error' of app 'shop' failed with status 1");
  }

  @Test
  void partialSnapshotRunsAfterAndOnError() {
    HookedRun run =
        hooks(
            "after: [{run: 'echo $HOLDFAST_SNAPSHOT'}],"
                + " on-error: [{run: 'echo $HOLDFAST_SNAPSHOT $HOLDFAST_ERROR'}]");
    assertThat(run.around(() -> new Outcome(Optional.of("abc"), Optional.of("source 's' failed"))))
        .isEmpty();
    assertThat(log).containsExactly("after: abc", "on-error: abc source 's' failed");
  }

  @Test
  void afterThatFailsIsAWarningAndAnError() {
    HookedRun run = hooks("after: [{run: 'exit 3'}], on-error: [{run: 'echo $HOLDFAST_ERROR'}]");
    assertThat(run.around(() -> STORED))
        .containsExactly("the hook 'after' of app 'shop' failed with status 3");
    assertThat(log)
        .containsExactly("on-error: the hook 'after' of app 'shop' failed with status 3");
  }

  @Test
  @Timeout(60)
  void hookThatTakesTooLongIsEndedWithItsChildren() throws Exception {
    Path mark = folder.resolve("children");
    HookedRun run =
        hooks("before: [{run: 'sleep 100 & echo $! > %s; wait', time-limit: 1s}]".formatted(mark));
    assertThatThrownBy(() -> run.around(() -> STORED))
        .hasMessage("the hook 'before' of app 'shop' took longer than 1s and was ended");
    long child = Long.parseLong(Files.readString(mark).strip());
    Processes.awaitEnd(ProcessHandle.of(child).stream().toList());
  }

  @Test
  @Timeout(60)
  void childOfAHookThatIgnoresBeingEndedIsKilled() throws Exception {
    Path mark = folder.resolve("stubborn");
    HookedRun run =
        hooks(
            "before: [{run: '(trap \"\" TERM; echo > %s; exec sleep 100) & echo $! > %s.id; wait',"
                    .formatted(mark, mark)
                + " time-limit: 2s}]");
    assertThatThrownBy(() -> run.around(() -> STORED)).hasMessageEndingWith("was ended");
    assertThat(mark).as("it had time to become stubborn").exists();
    long child = Long.parseLong(Files.readString(folder.resolve("stubborn.id")).strip());
    Processes.awaitEnd(ProcessHandle.of(child).stream().toList());
  }

  @Test
  @Timeout(60)
  void processThatIsLeftInTheBackgroundDoesNotHoldTheBackupUp() {
    long begin = System.nanoTime();
    assertThat(hooks("before: [{run: 'sleep 40 & echo left'}]").around(() -> STORED)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    assertThat(log).contains("before: left");
  }

  @Test
  void secretsOfTheEnvironmentDoNotReachHooks() {
    for (String name :
        List.of(
            "MY_PASSWORD",
            "MY_URL",
            "MY_OTHER",
            "MY_TOKEN",
            "MY_REDIS",
            "MY_KEY",
            "RESTIC_PASSWORD",
            "RESTIC_FROM_PASSWORD",
            "RESTIC_REST_PASSWORD",
            "HOLDFAST_PASSWORD",
            "HOLDFAST_REST_PASSWORD",
            "PGPASSWORD")) {
      environment.put(name, "hunter2");
    }
    environment.put("HARMLESS", "yes");
    environment.put("RESTIC_REPOSITORY", "rest:https://me:hunter2@tail@host:8000/path@2");
    assertThat(hooks("before: [{run: [env]}]").around(() -> STORED)).isEmpty();
    assertThat(log)
        .contains("before: HARMLESS=yes")
        .contains("before: RESTIC_REPOSITORY=rest:https://host:8000/path@2")
        .noneMatch(line -> line.contains("hunter2"));
  }

  @Test
  void programThatDoesNotExistIsAFailureThatNamesItWithoutItsArguments() {
    HookedRun run = hooks("before: [{run: [/no/such, --token=hunter2]}]");
    assertThatThrownBy(() -> run.around(() -> STORED))
        .hasMessage("the hook 'before' of app 'shop' cannot be run: /no/such cannot be started");
  }

  @Test
  void outputIsBoundedAndFitToBeShown() {
    assertThat(
            hooks("before: [{run: \"printf 'a\\\\033[31mb\\\\n'; seq 5000\"}]")
                .around(() -> STORED))
        .isEmpty();
    assertThat(log).hasSize(HookCommand.MAX_LINES + 1).endsWith("before: (more is left out)");
    assertThat(log.getFirst()).isEqualTo("before: a\\x1b[31mb");
  }

  @Test
  void interruptedBackupStillRunsOnError() {
    HookedRun run = hooks("on-error: [{run: 'echo $HOLDFAST_ERROR'}]");
    assertThatThrownBy(() ->
            run.around(() -> {
              Thread.currentThread().interrupt();
              throw new HoldfastException.Cancelled("interrupted");
            }))
        .isInstanceOf(HoldfastException.Cancelled.class);
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(log).containsExactly("on-error: interrupted");
  }
}
