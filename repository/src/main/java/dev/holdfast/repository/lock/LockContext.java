package dev.holdfast.repository.lock;

import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.Sleeper;
import java.time.Clock;
import java.util.function.Consumer;

/// What locking needs to know: the repository's files, this process, time, and whom to tell.
///
/// @param events told what happens; called from the refreshing thread too, must not throw
public record LockContext(
    ObjectStore store,
    UnpackedFiles files,
    Holder holder,
    Processes processes,
    Clock clock,
    Sleeper sleeper,
    Consumer<LockEvent> events) {
  /// Locking by this process, in real time.
  public static LockContext ofThisProcess(
      ObjectStore store, UnpackedFiles files, Consumer<LockEvent> events) {
    return new LockContext(
        store,
        files,
        LinuxProcesses.holder(),
        new LinuxProcesses(),
        Clock.systemUTC(),
        Sleeper.REAL,
        events);
  }
}
