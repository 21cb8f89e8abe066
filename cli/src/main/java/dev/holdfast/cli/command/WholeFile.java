package dev.holdfast.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes files that others read at any moment: they see the old one or the new one, whole.
final class WholeFile {
  private WholeFile() {}

  /// Writes a file where a link leads, and passes the content on where there is no file but a pipe
  /// or a device: those are never replaced.
  static void write(Path file, String content) {
    try {
      byte[] bytes = content.getBytes(UTF_8);
      if (isStream(file)) {
        Files.write(file, bytes, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      } else {
        replace(Files.exists(file) ? file.toRealPath() : file, bytes);
      }
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "the file " + file + " cannot be written: " + Reason.of(e),
          "its folder must exist, and be yours to write to",
          e);
    }
  }

  /// `/dev/stdout` may lead to a file, but not to one that is to be replaced.
  private static boolean isStream(Path file) {
    boolean isOpen =
        Files.isSymbolicLink(file) && (file.startsWith("/dev") || file.startsWith("/proc"));
    return isOpen || (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file));
  }

  private static void replace(Path file, byte[] content) throws IOException {
    // A dot before and another ending behind: whoever collects files by their names takes no half.
    Path temporary =
        file.resolveSibling(
            "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(temporary, e);
      throw e;
    }
  }

  private static void discard(Path temporary, IOException failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
