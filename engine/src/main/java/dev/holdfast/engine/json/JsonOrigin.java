package dev.holdfast.engine.json;

import dev.holdfast.repository.error.HoldfastException;

/// Where a text came from, for messages when it is damaged.
///
/// @param what names it, such as `a record of the journal`
/// @param hint what to do when it is damaged; may be empty
public record JsonOrigin(String what, String hint) {
  public JsonOrigin(String what) {
    this(what, "");
  }

  public HoldfastException.Corrupt damaged(String reason) {
    return new HoldfastException.Corrupt(what + " is damaged: " + reason, hint, null);
  }
}
