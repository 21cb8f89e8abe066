package dev.holdfast.engine.archive;

/// What whoever watches an export or an import is told.
public sealed interface ExportEvent {
  /// About how much there is to do.
  record Total(long bytes) implements ExportEvent {}

  /// So many bytes more are done.
  record Done(long bytes) implements ExportEvent {}

  /// Something to know; a sentence.
  record Notice(String text) implements ExportEvent {}
}
