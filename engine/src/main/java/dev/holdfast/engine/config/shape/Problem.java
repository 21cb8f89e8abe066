package dev.holdfast.engine.config.shape;

/// Something wrong in a configuration: a finding, not an exception, so that all of them can be
/// shown at once.
///
/// @param message one sentence that never holds a secret, with what was probably meant
public record Problem(Place place, String message) {
  /// As compilers print it: `file:line:column: message`.
  @Override
  public String toString() {
    return place + ": " + message;
  }
}
