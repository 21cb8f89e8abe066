package dev.holdfast.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/// Holdfast itself, run through its launcher as a person does, against one repository.
///
/// @param repository folder of the repository
/// @param password of one of its keys
public record HoldfastProgram(Path repository, String password) {
  /// Runs `holdfast -r REPOSITORY arguments` and returns however it ends.
  public CommandResult run(String... arguments) {
    return command(arguments).run();
  }

  /// The command without running it.
  public Command command(String... arguments) {
    return launcher()
        .with("-r", repository.toString())
        .with(arguments)
        .withEnvironment("RESTIC_PASSWORD", password);
  }

  /// Creates the repository in format version 1 or 2.
  public void init(int version) {
    run("init", "--repository-version", Integer.toString(version)).succeeded();
  }

  /// The launcher in the root of the checkout, without arguments.
  public static Command launcher() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isExecutable(folder.resolve("holdfast"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new AssertionError("no launcher in any folder above the working directory");
    }
    return Command.of(folder.resolve("holdfast").toString());
  }
}
