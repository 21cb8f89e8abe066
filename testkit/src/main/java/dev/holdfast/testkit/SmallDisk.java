package dev.holdfast.testkit;

import java.nio.file.Path;
import java.util.Optional;

/// A file system in memory that is soon full, mounted until it is closed.
public final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /// Mounts one over `folder`.
  ///
  /// @param size as `mount` has it, such as `8m`
  /// @return empty where that is not allowed: it takes root's rights
  public static Optional<SmallDisk> mount(Path folder, String size) {
    // A shell says that there is no such program; Java would throw.
    Command mount =
        Command.of("sh", "-c", "exec mount -t tmpfs -o mode=0755,size=$1 tmpfs \"$2\"", "sh");
    return mount.with(size, folder.toString()).run().exitCode() == 0
        ? Optional.of(new SmallDisk(folder))
        : Optional.empty();
  }

  /// Mounts it once more with other options, such as `ro` or `size=100m`.
  public void remount(String options) {
    Command.of("mount", "-o", "remount," + options, folder.toString()).run().succeeded();
  }

  /// Takes it away, even if a program still has files of it open.
  ///
  /// @throws AssertionError if it stays
  @Override
  public void close() {
    Command.of("umount", "--lazy", folder.toString()).run().succeeded();
  }
}
