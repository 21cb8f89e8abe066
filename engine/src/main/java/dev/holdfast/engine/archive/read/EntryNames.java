package dev.holdfast.engine.archive.read;

import dev.holdfast.posix.OsString;

/// Which names entries may have.
public final class EntryNames {
  /// As long as Linux takes them.
  private static final int PATH_BYTES_MAX = 4096;

  private static final int NAME_BYTES_MAX = 255;

  private EntryNames() {}

  /// A name without `./` before it and slashes behind it; empty for the root itself.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Rejected if it leads anywhere else
  ///   than below the root
  public static String checked(String name) {
    String shown = "'" + OsString.display(name) + "'";
    if (name.startsWith("/")) {
      throw Refusal.refused("the name " + shown + " is absolute");
    }
    if (name.indexOf('\0') >= 0) {
      throw Refusal.refused("the name " + shown + " holds a zero byte");
    }
    StringBuilder clean = new StringBuilder();
    String[] steps = name.split("/", -1);
    for (int i = 0; i < steps.length; i++) {
      String step = steps[i];
      if (step.equals("..")) {
        throw Refusal.refused("the name " + shown + " leads out of the archive");
      }
      if (step.isEmpty() && i < steps.length - 1) {
        throw Refusal.refused("the name " + shown + " has an empty step");
      }
      if (OsString.encode(step).length > NAME_BYTES_MAX) {
        throw Refusal.refused("a name in " + shown + " is too long");
      }
      if (!step.isEmpty() && !step.equals(".")) {
        clean.append(clean.isEmpty() ? "" : "/").append(step);
      }
    }
    if (OsString.encode(clean.toString()).length > PATH_BYTES_MAX) {
      throw Refusal.refused("the name " + shown + " is too long");
    }
    return clean.toString();
  }
}
