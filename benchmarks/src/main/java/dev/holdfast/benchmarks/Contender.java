package dev.holdfast.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One of the two programs, by its command line.
///
/// @param name as the table shows it
/// @param program path or name of the executable
/// @param repository its repository in the scratch folder
record Contender(String name, String program, Path repository) {
  List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(program, "-r", repository.toString()));
    command.addAll(Arrays.asList(arguments));
    return command;
  }
}
