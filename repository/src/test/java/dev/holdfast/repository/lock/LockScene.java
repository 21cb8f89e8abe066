package dev.holdfast.repository.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.format.LockFile;
import dev.holdfast.repository.format.LockFileCodec;
import dev.holdfast.repository.format.LockId;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore;
import dev.holdfast.repository.store.ManualTime;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.Sleeper;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/// A repository in memory, processes and time that tests of locks command.
final class LockScene implements AutoCloseable {
  static final Holder ALICE = new Holder("db1", "alice", 100, 1000, 1000);
  static final Holder BOB = new Holder("db1", "bob", 200, 1001, 1001);

  private static final Duration SHORTEST_REFRESH = Duration.ofSeconds(59);

  final MemoryStore memory = new MemoryStore();
  final FaultyStore store = new FaultyStore(memory, FaultPlan.none());
  final ManualTime time = new ManualTime();
  final FakeProcesses processes =
      new FakeProcesses("boot 1").start(ALICE.pid(), "10").start(BOB.pid(), "20");
  final List<LockEvent> events = new CopyOnWriteArrayList<>();
  private final MasterKey key = MasterKey.generate(new SecureRandom());
  final UnpackedFiles files = files(store);
  private final Semaphore refresherSleeps = new Semaphore(0);
  private final Semaphore refresherWakes = new Semaphore(0);

  LockContext of(Holder holder) {
    return of(holder, processes, time);
  }

  LockContext of(Holder holder, Processes seen, Sleeper sleeper) {
    return new LockContext(
        store, files, holder, seen, time, unlessRefreshing(sleeper), events::add);
  }

  UnpackedFiles files(ObjectStore other) {
    return new UnpackedFiles(other, key, new SecureRandom(), true);
  }

  /// Lets the only lock's refresher end its present sleep of `duration`, and waits until it sleeps
  /// again.
  void refreshAfter(Duration duration) throws InterruptedException {
    refresherSleeps.acquire();
    time.advance(duration);
    refresherWakes.release();
    refresherSleeps.acquire();
    refresherSleeps.release();
  }

  /// Writes a lock as restic would: no mark, whatever holder and time.
  LockId write(Holder holder, boolean exclusive, OffsetDateTime when) {
    LockFile file =
        new LockFile(
            when,
            exclusive,
            holder.hostname(),
            holder.username(),
            holder.pid(),
            holder.uid(),
            holder.gid());
    return new LockId(files(memory).save(ObjectType.LOCK, LockFileCodec.encode(file)).hash());
  }

  OffsetDateTime now() {
    return OffsetDateTime.now(time);
  }

  LockFile read(LockId id) {
    return LockFileCodec.decode(files(memory).load(new ObjectKey(ObjectType.LOCK, id.hash())));
  }

  List<LockId> locks() {
    List<LockId> ids = new ArrayList<>();
    memory.list(ObjectType.LOCK, info -> ids.add(new LockId(info.key().hash())));
    return ids;
  }

  void assertNoLocks() {
    assertThat(locks()).isEmpty();
  }

  private Sleeper unlessRefreshing(Sleeper sleeper) {
    return duration -> {
      if (Thread.currentThread().isDaemon() && duration.compareTo(SHORTEST_REFRESH) > 0) {
        refresherSleeps.release();
        refresherWakes.acquire();
      } else {
        sleeper.sleep(duration);
      }
    };
  }

  @Override
  public void close() {
    files.close();
    key.close();
  }
}
