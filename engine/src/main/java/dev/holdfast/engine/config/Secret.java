package dev.holdfast.engine.config;

/// Where a secret is. Never the secret itself.
public sealed interface Secret {
  /// In a file, white space around it taken off.
  ///
  /// @param path absolute, as the configuration has it, or from the working directory on
  record InFile(String path) implements Secret {}

  /// What a command prints, white space around it taken off.
  record FromCommand(Invocation command) implements Secret {
    /// The words of a command may hold a secret.
    @Override
    public String toString() {
      return "FromCommand[***]";
    }
  }

  /// In a variable of the environment.
  record InVariable(String name) implements Secret {}
}
