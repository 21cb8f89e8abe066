package dev.holdfast.engine.archive.read;

import dev.holdfast.engine.json.JsonOrigin;
import dev.holdfast.repository.error.HoldfastException;

/// Says why an archive is not taken.
public final class Refusal {
  private static final String NOTHING = "nothing was imported; have the archive made again";

  private Refusal() {}

  /// It is damaged, or was never whole.
  public static HoldfastException damaged(String reason) {
    return new HoldfastException.Corrupt("the archive is damaged: " + reason, NOTHING, null);
  }

  /// A text in an archive or beside it.
  public static JsonOrigin origin(String what) {
    return new JsonOrigin(what, "nothing was imported");
  }

  /// It holds what no archive of an application has to hold.
  public static HoldfastException refused(String reason) {
    return new HoldfastException.Rejected(
        "the archive is refused: " + reason, "nothing was imported");
  }

  /// It is larger than it may be.
  public static HoldfastException tooLarge(String reason) {
    return new HoldfastException.Rejected(
        "the archive is refused: " + reason,
        "if it is yours and as large as that, allow it with --max-size");
  }
}
