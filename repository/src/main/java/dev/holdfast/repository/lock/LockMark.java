package dev.holdfast.repository.lock;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.LockFile;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;

/// Proves that the process which took a lock is gone.
///
/// Host name and process id prove nothing: cloned machines share names, containers share the name
/// of their host and count processes for themselves. A lock file has no field for more, but the
/// time in it has a fraction of a second that nobody needs. Holdfast writes a mark there instead:
///
/// - milliseconds and microseconds: a hash of the boot, the process namespace and the process id.
///   Who computes the same from what it sees itself is on the same machine, in the same boot and
///   the same namespace, but for one chance in a million (and the host name must agree as well);
/// - nanoseconds: a hash of when the process started, so that another process which has the id now
///   is told from the holder without comparing clocks.
///
/// Locks of other programs carry no mark and are never proven dead.
final class LockMark {
  private static final int PLACES = 1_000_000;
  private static final int STARTS = 1_000;

  private LockMark() {}

  /// `time` with the mark of process `pid` in its fraction; unchanged if there is nothing to mark
  /// it with.
  static OffsetDateTime mark(OffsetDateTime time, long pid, Processes processes) {
    return processes
        .place()
        .flatMap(place ->
            processes
                .start(pid)
                .map(start ->
                    time.withNano(placeMark(place, pid) * STARTS + startMark(place, start))))
        .orElse(time);
  }

  /// Whether the holder of `lock` certainly runs no more.
  static boolean provesDeath(LockFile lock, String hostname, Processes processes) {
    return lock.hostname().equals(hostname)
        && processes
            .place()
            .filter(place -> lock.time().getNano() / STARTS == placeMark(place, lock.pid()))
            .filter(place -> isGone(lock, place, processes))
            .isPresent();
  }

  private static boolean isGone(LockFile lock, String place, Processes processes) {
    if (!processes.isAlive(lock.pid())) {
      return true;
    }
    return processes
        .start(lock.pid())
        .filter(start -> lock.time().getNano() % STARTS != startMark(place, start))
        .isPresent();
  }

  private static int placeMark(String place, long pid) {
    return hash(place + '\n' + pid, PLACES);
  }

  private static int startMark(String place, String start) {
    return hash(place + '\n' + start + "\nstart", STARTS);
  }

  private static int hash(String text, int bound) {
    Hash hash = Hasher.of(text.getBytes(StandardCharsets.UTF_8));
    return Math.toIntExact(Long.remainderUnsigned(hash.w0(), bound));
  }
}
