package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.UnnamedFile;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A text that another program reads from a file, which has no name and is gone with this process.
final class UnnamedText implements AutoCloseable {
  private final int descriptor;

  private UnnamedText(int descriptor) {
    this.descriptor = descriptor;
  }

  static UnnamedText of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String folder = System.getProperty("java.io.tmpdir", "/tmp");
    UnnamedText file =
        new UnnamedText(
            UnnamedFile.create("list of what is in a dump", List.of(folder), bytes.length));
    try {
      Posix.pwrite(file.descriptor, bytes, 0, bytes.length, 0);
      return file;
    } catch (PosixException e) {
      file.close();
      throw new HoldfastException.InputOutput("a list cannot be written: " + Reason.of(e), "", e);
    }
  }

  /// A path for other processes of this user, while this one lives and the file is open.
  String path() {
    return "/proc/" + Posix.getpid() + "/fd/" + descriptor;
  }

  @Override
  public void close() {
    try {
      Posix.close(descriptor);
    } catch (PosixException e) {
      // There is nothing in it that is still wanted.
    }
  }
}
