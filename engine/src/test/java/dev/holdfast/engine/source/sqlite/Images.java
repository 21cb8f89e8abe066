package dev.holdfast.engine.source.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;

/// Writes images to files, and looks at them there.
final class Images {
  private Images() {}

  /// Writes the image in pieces that fit no page.
  static Path write(SqliteImage image, Path target) throws IOException {
    Files.deleteIfExists(target);
    byte[] buffer = new byte[100_003];
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < image.lengthBytes(); at += buffer.length) {
        int part = (int) Math.min(buffer.length, image.lengthBytes() - at);
        image.read(at, buffer, 0, part);
        out.write(ByteBuffer.wrap(buffer, 0, part), at);
      }
    }
    return target;
  }

  /// What is wrong with the bank in the image.
  static List<String> faults(SqliteImage image, Path scratch) throws IOException, SQLException {
    Path file = write(image, scratch);
    try {
      return Bank.faults(file);
    } finally {
      for (String sidecar : Sidecars.all(file.toString())) {
        Files.deleteIfExists(Path.of(sidecar));
      }
    }
  }
}
