package dev.holdfast.repository.lock;

import java.util.Optional;

/// What can be known of the processes of this machine. Implementations are thread-safe.
public interface Processes {
  /// Whether a process of that id runs now, as far as this one can see. Doubt counts as yes.
  boolean isAlive(long pid);

  /// Tells this boot of this machine and this namespace of process ids from all others: while two
  /// processes see the same value, a process id means the same to both. Empty if unknown.
  Optional<String> place();

  /// Tells the process that has this id now from those that had it before in the same [#place()].
  /// Empty if there is none or it cannot be seen.
  Optional<String> start(long pid);

  /// Makes this process survive SIGHUP: restic sends it to learn whether a lock's holder lives.
  void ignoreHangup();
}
