package dev.holdfast.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The project's files, found from the folder that the tests run in.
final class SourceTree {
  private SourceTree() {}

  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("holdfast"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("no checkout around " + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }

  /// Paths relative to the root, in order; build output and what git keeps are left out.
  static List<Path> files(Predicate<Path> wanted) {
    Path root = root();
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(root::relativize)
          .filter(path -> !isForeign(path))
          .filter(wanted)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isForeign(Path path) {
    for (Path name : path) {
      if (name.toString().equals("target") || name.toString().equals(".git")) {
        return true;
      }
    }
    return false;
  }

  static List<Path> javaFiles() {
    return files(path -> path.toString().endsWith(".java"));
  }

  static String read(Path relative) {
    try {
      return Files.readString(root().resolve(relative));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
