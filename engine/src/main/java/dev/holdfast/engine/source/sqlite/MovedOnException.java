package dev.holdfast.engine.source.sqlite;

/// The files were replaced, or the journal mode changed, while the state was being fixed: to be
/// tried again from the start. The message completes "database x ...".
final class MovedOnException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String hint;

  MovedOnException(String message) {
    this(message, "run the backup again when nobody replaces its files");
  }

  /// @param hint for whoever meets it at every try
  MovedOnException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  String hint() {
    return hint;
  }
}
