package dev.holdfast.posix;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Locks bytes 100 to 109 of a file and holds the lock until its input ends.
final class LockProgram {
  private LockProgram() {}

  public static void main(String[] arguments) throws IOException {
    boolean shared = arguments[1].equals("shared");
    try (FileChannel channel =
            FileChannel.open(
                Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.lock(100, 10, shared)) {
      System.out.println("locked " + lock.isShared());
      while (System.in.read() != -1) {
        // Nothing is said to it: only the end matters.
      }
    }
  }
}
