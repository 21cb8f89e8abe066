package dev.holdfast.repository.crypto;

import org.jspecify.annotations.Nullable;

/// Which [Primitives] this process uses. Settled when the first is needed, so that a command which
/// opens no repository loads nothing.
final class ChosenPrimitives {
  /// Variable of the environment that forbids OpenSSL with the value `java`: for tests, and for a
  /// system whose library is not to be trusted. Read here and not handed in, because what it
  /// chooses holds for the process, as a library can be loaded only once.
  static final String SETTING = "HOLDFAST_CRYPTO";

  static final Primitives PRIMITIVES = choose(System.getenv(SETTING));

  private ChosenPrimitives() {}

  private static Primitives choose(@Nullable String setting) {
    if ("java".equals(setting)) {
      return new JavaPrimitives();
    }
    OpenSsl library = OpenSsl.load(OpenSsl.LIBRARY);
    return library == null ? new JavaPrimitives() : new OpenSslPrimitives(library);
  }
}
