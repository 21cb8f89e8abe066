package dev.holdfast.engine.archive;

/// Told how an export or an import goes on, from one thread at a time.
@FunctionalInterface
public interface ExportObserver {
  void on(ExportEvent event);
}
