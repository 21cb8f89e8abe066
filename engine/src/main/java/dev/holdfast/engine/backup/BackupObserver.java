package dev.holdfast.engine.backup;

/// Is told what happens during a backup, by any thread, several at once: it must be thread-safe and
/// quick.
@FunctionalInterface
public interface BackupObserver {
  /// Wants to know nothing.
  BackupObserver NONE = _ -> {};

  void on(BackupEvent event);
}
