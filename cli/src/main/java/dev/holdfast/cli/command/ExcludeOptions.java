package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Environment;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.filter.PatternFile;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// Patterns of what is left out, with restic's options.
final class ExcludeOptions {
  @Option(
      names = {"-e", "--exclude"},
      paramLabel = "PATTERN",
      description = "leave out what matches, repeatable")
  List<String> excludes = new ArrayList<>();

  @Option(
      names = "--iexclude",
      paramLabel = "PATTERN",
      description = "as --exclude, upper and lower case being equal")
  List<String> caseless = new ArrayList<>();

  @Option(
      names = "--exclude-file",
      paramLabel = "FILE",
      description = "file of patterns, one a line, repeatable")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--iexclude-file",
      paramLabel = "FILE",
      description = "as --exclude-file, upper and lower case being equal")
  List<String> caselessFiles = new ArrayList<>();

  List<String> patterns(Environment environment) {
    return with(excludes, files, environment);
  }

  List<String> caselessPatterns(Environment environment) {
    return with(caseless, caselessFiles, environment);
  }

  boolean isEmpty() {
    return excludes.isEmpty() && caseless.isEmpty() && files.isEmpty() && caselessFiles.isEmpty();
  }

  List<PathFilter> filters(Environment environment) {
    return List.of(
        PathFilter.of(patterns(environment)),
        PathFilter.ignoringCase(caselessPatterns(environment)));
  }

  /// The patterns given together with those in files.
  static List<String> with(List<String> given, List<String> files, Environment environment) {
    List<String> all = new ArrayList<>(given);
    for (String file : files) {
      try {
        all.addAll(
            PatternFile.parse(
                Files.readAllBytes(Path.of(file)), name -> environment.variable(name).orElse("")));
      } catch (NoSuchFileException e) {
        throw new HoldfastException.NotFound(
            "the pattern file " + file + " does not exist", "check its name");
      } catch (IOException e) {
        throw new HoldfastException.InputOutput(
            "the pattern file " + file + " cannot be read: " + Reason.of(e), "", e);
      }
    }
    return all;
  }
}
