package dev.holdfast.engine.source.sqlite;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A process that takes images, for those that need fewer rights than the test has: says `ready`
/// and then how the images were taken, or why not.
final class ImageTaker {
  private ImageTaker() {}

  /// Arguments: database and target, one pair or several that are opened together.
  public static void main(String[] args) throws Exception {
    System.out.println("ready");
    SqliteOptions options =
        SqliteOptions.defaults()
            .withPatience(Duration.ofSeconds(3))
            // However long this process took to start: the copy is made under the lock.
            .withLeftAlone(Duration.ofDays(1));
    try {
      System.out.println(args.length == 2 ? one(args, options) : together(args, options));
    } catch (HoldfastException e) {
      System.out.println(e.getMessage());
    }
  }

  private static String one(String[] args, SqliteOptions options) throws IOException {
    try (SqliteImage image = SqliteSource.open(args[0], options)) {
      Images.write(image, Path.of(args[1]));
      return image.way().name();
    }
  }

  private static String together(String[] args, SqliteOptions options) throws IOException {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < args.length; i += 2) {
      paths.add(args[i]);
    }
    List<String> said = new ArrayList<>();
    List<SqliteImage> images = SqliteSource.openAll(paths, options);
    for (int i = 0; i < images.size(); i++) {
      try (SqliteImage image = images.get(i)) {
        Images.write(image, Path.of(args[2 * i + 1]));
        said.add(image.way().name());
      }
    }
    return String.join(" ", said);
  }
}
