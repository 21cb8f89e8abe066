package dev.holdfast.engine.source.sqlite;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Path;
import java.time.Duration;

/// A process that takes an image, for those that need fewer rights than the test has: says `ready`
/// and then how the image was taken, or why not.
final class ImageTaker {
  private ImageTaker() {}

  /// Arguments: database, target.
  public static void main(String[] args) throws Exception {
    System.out.println("ready");
    SqliteOptions options = SqliteOptions.defaults().withPatience(Duration.ofSeconds(3));
    try (SqliteImage image = SqliteSource.open(args[0], options)) {
      Images.write(image, Path.of(args[1]));
      System.out.println(image.way());
    } catch (HoldfastException e) {
      System.out.println(e.getMessage());
    }
  }
}
