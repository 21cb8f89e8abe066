package dev.holdfast.engine.recover;

/// Is told what happens during a recovery, by several threads, one at a time; must be quick. What
/// it throws ends the recovery as any other failure would.
@FunctionalInterface
public interface RecoverObserver {
  /// Wants to know nothing.
  RecoverObserver NONE = _ -> {};

  void on(RecoverEvent event);
}
