package dev.holdfast.cli.command;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Expands a pattern of paths to those that exist, as a shell does: `*`, `?` and `[...]` within one
/// name. A path without a pattern stands for itself.
final class GlobExpansion {
  private GlobExpansion() {}

  /// @throws HoldfastException.NotFound if a pattern matches nothing
  static List<String> expand(String pattern) {
    if (!isPattern(pattern)) {
      return List.of(pattern);
    }
    List<Path> found = List.of(Path.of(pattern.startsWith("/") ? "/" : ""));
    try {
      for (Path name : Path.of(pattern)) {
        found = descend(found, name.toString());
      }
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "'" + pattern + "' cannot be expanded: " + e.getMessage(), "", e);
    }
    if (found.isEmpty()) {
      throw new HoldfastException.NotFound("nothing matches '" + pattern + "'", "");
    }
    List<String> paths = new ArrayList<>(found.stream().map(Path::toString).toList());
    Collections.sort(paths);
    return paths;
  }

  private static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  private static List<Path> descend(List<Path> directories, String name) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path directory : directories) {
      if (!isPattern(name)) {
        Path path = directory.resolve(name);
        if (Files.exists(path)) {
          found.add(path);
        }
      } else if (Files.isDirectory(directory)) {
        // Braces mean something to Java and nothing to a shell's pattern.
        String glob = name.replace("{", "\\{").replace("}", "\\}");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
          entries.forEach(found::add);
        }
      }
    }
    return found;
  }
}
