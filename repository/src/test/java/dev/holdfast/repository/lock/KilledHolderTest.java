package dev.holdfast.repository.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.store.LocalStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real process takes a lock and is killed.
@Tag("slow")
@Timeout(120)
class KilledHolderTest {
  @TempDir Path folder;

  /// Takes an exclusive lock, says its id and waits to be killed.
  static final class Holding {
    private Holding() {}

    public static void main(String[] arguments) throws Exception {
      LockContext context = context(Path.of(arguments[0]), event -> {});
      RepositoryLock lock = RepositoryLock.acquire(context, LockMode.EXCLUSIVE, Duration.ZERO);
      System.out.println(lock.id());
      Thread.currentThread().join();
    }
  }

  private static LockContext context(Path folder, Consumer<LockEvent> events) throws Exception {
    MasterKey key = MasterKey.fromJson(Files.readAllBytes(folder.resolve("key")));
    LocalStore store = new LocalStore(folder.resolve("repository"));
    return LockContext.ofThisProcess(
        store, new UnpackedFiles(store, key, new SecureRandom(), true), events);
  }

  @Test
  void theLockIsObeyedWhileItsHolderLivesAndRemovedOnceItIsKilled() throws Exception {
    try (MasterKey key = MasterKey.generate(new SecureRandom())) {
      Files.write(folder.resolve("key"), key.toJson());
    }
    List<LockEvent> events = new CopyOnWriteArrayList<>();
    LockContext context = context(folder, events::add);
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Holding.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String id = holder.inputReader(UTF_8).readLine();
      assertThat(id).hasSize(64);
      new ProcessBuilder("kill", "-HUP", Long.toString(holder.pid())).start().waitFor();

      assertThatThrownBy(() -> RepositoryLock.acquire(context, LockMode.SHARED, Duration.ZERO))
          .isInstanceOf(Locked.class)
          .hasMessageContaining("process " + holder.pid());
      assertThat(holder.isAlive()).isTrue();
      assertThat(events).isEmpty();
    } finally {
      holder.destroyForcibly().waitFor();
    }

    RepositoryLock.acquire(context, LockMode.EXCLUSIVE, Duration.ZERO).close();
    assertThat(events).singleElement().isInstanceOf(LockEvent.DeadLockRemoved.class);
  }
}
