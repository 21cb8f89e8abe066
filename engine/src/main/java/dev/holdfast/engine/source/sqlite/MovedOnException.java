package dev.holdfast.engine.source.sqlite;

/// The files were replaced, or the journal mode changed, while the state was being fixed: to be
/// tried again from the start. The message completes "database x ...".
final class MovedOnException extends Exception {
  private static final long serialVersionUID = 1L;

  MovedOnException(String message) {
    super(message);
  }
}
