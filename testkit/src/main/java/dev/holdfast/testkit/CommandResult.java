package dev.holdfast.testkit;

import java.util.List;

/// How a command ended.
///
/// @param output what it wrote to standard output
/// @param errors what it wrote to standard error
public record CommandResult(List<String> command, int exitCode, String output, String errors) {
  /// This result, if the command exited with 0.
  ///
  /// @throws AssertionError otherwise, with everything the command said
  public CommandResult succeeded() {
    return exited(0);
  }

  /// This result, if the command exited with `code`.
  ///
  /// @throws AssertionError otherwise, with everything the command said
  public CommandResult exited(int code) {
    if (exitCode != code) {
      throw new AssertionError(
          "%s exited with %d instead of %d%n%s%n%s"
              .formatted(String.join(" ", command), exitCode, code, output, errors));
    }
    return this;
  }

  /// The lines of standard output.
  public List<String> lines() {
    return output.lines().toList();
  }
}
