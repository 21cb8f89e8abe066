package dev.holdfast.engine.recover.service;

/// A process that holds something which is to be replaced.
///
/// @param pid zero if it is not known, such as that of a lock from another machine
/// @param program its name, empty if it cannot be seen
/// @param path what it holds
public record Occupant(long pid, String program, String path) {
  /// Such as `process 4711 (node)`.
  public String describe() {
    if (pid <= 0) {
      return "a process that cannot be seen from here";
    }
    return "process " + pid + (program.isEmpty() ? "" : " (" + program + ")");
  }
}
