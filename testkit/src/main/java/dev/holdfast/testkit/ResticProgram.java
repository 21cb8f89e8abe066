package dev.holdfast.testkit;

import java.nio.file.Path;

/// The stock `restic` on the PATH, against one repository. The test script installs it; without it
/// these tests fail rather than pass unseen.
///
/// @param program name or path of the executable
/// @param repository folder of the repository
/// @param password of one of its keys
public record ResticProgram(String program, Path repository, String password) {
  /// The restic of Debian 12, which is on the PATH.
  public ResticProgram(Path repository, String password) {
    this("restic", repository, password);
  }

  /// Runs `restic -r REPOSITORY arguments`, without a cache, and returns however it ends.
  public CommandResult run(String... arguments) {
    return command(arguments).run();
  }

  /// The command without running it.
  public Command command(String... arguments) {
    return Command.of(program, "--no-cache", "-r", repository.toString())
        .with(arguments)
        .withEnvironment("RESTIC_PASSWORD", password);
  }

  /// Creates the repository in format version 1 or 2.
  public void init(int version) {
    run("init", "--repository-version", Integer.toString(version)).succeeded();
  }

  /// `check --read-data`, which must find nothing.
  ///
  /// @throws AssertionError with its output if it finds anything, a hint included
  public void checkClean() {
    CommandResult result = run("check", "--read-data").succeeded();
    if (!result.output().contains("no errors were found")) {
      throw new AssertionError(result.output() + result.errors());
    }
  }
}
