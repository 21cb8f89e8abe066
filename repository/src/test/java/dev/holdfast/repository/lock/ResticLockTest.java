package dev.holdfast.repository.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.ResticProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The locks of both programs, each as the other sees them.
@Tag("slow")
@Timeout(120)
class ResticLockTest {
  private static final String PASSWORD = "geheim";

  @TempDir Path folder;
  private ResticProgram restic;
  private Repository repository;
  private LockContext context;
  private final List<LockEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void openARepositoryOfRestic() {
    restic = new ResticProgram(folder.resolve("repository"), PASSWORD);
    restic.init(2);
    LocalStore store = new LocalStore(restic.repository());
    repository = Repository.open(store, PASSWORD.getBytes(UTF_8), OpenOptions.DEFAULT);
    context = LockContext.ofThisProcess(store, repository.files(), events::add);
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private RepositoryLock acquire(LockMode mode) {
    return RepositoryLock.acquire(context, mode, Duration.ZERO);
  }

  @Test
  void resticShowsOurLock() {
    try (RepositoryLock lock = acquire(LockMode.EXCLUSIVE)) {
      String id = lock.id().toString();
      assertThat(restic.run("list", "locks", "--no-lock").succeeded().lines()).containsExactly(id);
      assertThat(restic.run("cat", "lock", id, "--no-lock").succeeded().output())
          .contains("\"exclusive\": true")
          .contains("\"hostname\": \"" + context.holder().hostname() + "\"")
          .contains("\"pid\": " + ProcessHandle.current().pid());
    }
    assertThat(restic.run("list", "locks", "--no-lock").succeeded().lines()).isEmpty();
  }

  @Test
  void resticObeysOurLocks() {
    try (RepositoryLock lock = acquire(LockMode.SHARED)) {
      restic.run("snapshots").succeeded();
      assertRefused(restic.run("prune"), "already locked");
      lock.assertValid();
    }
    try (RepositoryLock lock = acquire(LockMode.EXCLUSIVE)) {
      assertRefused(restic.run("snapshots"), "already locked exclusively");
      lock.assertValid();
    }
    restic.run("prune").succeeded();
  }

  @Test
  void resticLeavesTheLockOfALivingProcessWhichSurvivesItsSignal() {
    try (RepositoryLock lock = acquire(LockMode.SHARED)) {
      restic.run("unlock").succeeded();

      assertThat(restic.run("list", "locks", "--no-lock").lines())
          .containsExactly(lock.id().toString());
    }
  }

  @Test
  void weObeyTheLockOfResticAndLeaveItWhenItsProcessDied() throws Exception {
    Process backup = restic.command("backup", "--stdin", "--stdin-filename", "x").start();
    try {
      awaitALock();

      acquire(LockMode.SHARED).close();
      assertThatThrownBy(() -> acquire(LockMode.EXCLUSIVE))
          .isInstanceOf(Locked.class)
          .hasMessageContaining("process " + backup.pid())
          .hasMessageContaining(context.holder().hostname());
      assertThat(new Unlock(context).removeStale()).isEmpty();
    } finally {
      backup.destroyForcibly().waitFor();
    }

    assertThatThrownBy(() -> acquire(LockMode.EXCLUSIVE))
        .isInstanceOfSatisfying(
            Locked.class, e -> assertThat(e.hint()).contains("holdfast unlock"));
    assertThat(events).isEmpty();
    assertThat(new Unlock(context).removeStale()).hasSize(1);
    acquire(LockMode.EXCLUSIVE).close();
    restic.run("check").succeeded();
  }

  private void awaitALock() {
    AtomicInteger found = new AtomicInteger();
    while (found.get() == 0) {
      repository.store().list(ObjectType.LOCK, info -> found.incrementAndGet());
      Thread.onSpinWait();
    }
  }

  private static void assertRefused(CommandResult result, String words) {
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.errors()).contains(words);
  }
}
