package dev.holdfast.testkit;

import java.nio.file.Path;
import java.util.Optional;

/// Something mounted over a file or a folder until it is closed. It takes root's rights.
public final class Mount implements AutoCloseable {
  private final Path at;

  private Mount(Path at) {
    this.at = at;
  }

  /// A file system in memory that is soon full.
  ///
  /// @param size as `mount` has it, such as `8m`
  /// @return empty where mounting is not allowed
  public static Optional<Mount> smallDisk(Path folder, String size) {
    return mount(folder, "-t", "tmpfs", "-o", "mode=0755,size=" + size, "tmpfs");
  }

  /// A file or folder that is also elsewhere, as containers have them.
  ///
  /// @return empty where mounting is not allowed
  public static Optional<Mount> bind(Path source, Path at) {
    return mount(at, "--bind", source.toString());
  }

  private static Optional<Mount> mount(Path at, String... words) {
    // A shell says that there is no such program; Java would throw.
    Command mount = Command.of("sh", "-c", "exec mount \"$@\"", "sh").with(words);
    return mount.with(at.toString()).run().exitCode() == 0
        ? Optional.of(new Mount(at))
        : Optional.empty();
  }

  /// Mounts it once more with other options, such as `ro` or `size=100m`.
  public void remount(String options) {
    Command.of("mount", "-o", "remount," + options, at.toString()).run().succeeded();
  }

  /// Takes it away, even if a program still has files of it open.
  ///
  /// @throws AssertionError if it stays
  @Override
  public void close() {
    Command.of("umount", "--lazy", at.toString()).run().succeeded();
  }
}
