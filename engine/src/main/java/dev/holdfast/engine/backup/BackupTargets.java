package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// What one backup takes.
///
/// @param paths files and directories, as they were given: relative ones start at the working
///   directory. In the form of [dev.holdfast.posix.OsString]
/// @param virtualFiles files from streams
/// @param stage a folder whose content stands for the root of the snapshot, as if it lay there;
///   empty for none
public record BackupTargets(
    List<String> paths, List<VirtualFile> virtualFiles, Optional<String> stage) {
  public BackupTargets {
    paths = List.copyOf(paths);
    virtualFiles = List.copyOf(virtualFiles);
  }

  public BackupTargets(List<String> paths, List<VirtualFile> virtualFiles) {
    this(paths, virtualFiles, Optional.empty());
  }

  /// What lies in a folder, as if that were the root.
  public static BackupTargets staged(String folder, List<VirtualFile> virtualFiles) {
    return new BackupTargets(List.of(), virtualFiles, Optional.of(folder));
  }

  /// These targets without the paths that there is nothing at, or nothing that can be reached.
  ///
  /// @param missing told of each of those
  BackupTargets existing(BiConsumer<String, PosixException> missing) {
    List<String> existing = new ArrayList<>();
    for (String path : paths) {
      try {
        Posix.lstat(path);
        existing.add(path);
      } catch (PosixException e) {
        missing.accept(path, e);
      }
    }
    return new BackupTargets(existing, virtualFiles, stage);
  }

  /// Makes sure that there is something at one of the paths, or a stream.
  ///
  /// @param missing told of each path, and why it cannot be taken, if none can
  /// @throws HoldfastException.NotFound if there is nothing at all
  public void requireAny(BiConsumer<String, String> missing) {
    Map<String, PosixException> reasons = new LinkedHashMap<>();
    if (existing(reasons::put).isEmpty()) {
      reasons.forEach((path, reason) -> missing.accept(path, reason(reason)));
      throw nothing();
    }
  }

  private static String reason(PosixException e) {
    return e.errno() == Errno.ENOENT ? "does not exist" : Reason.of(e);
  }

  boolean isEmpty() {
    return paths.isEmpty() && virtualFiles.isEmpty() && stage.isEmpty();
  }

  static HoldfastException nothing() {
    return new HoldfastException.NotFound(
        "all source directories and files do not exist", "name at least one that does");
  }

  public static BackupTargets ofPaths(List<String> paths) {
    return new BackupTargets(paths, List.of());
  }

  public static BackupTargets ofStream(VirtualFile file) {
    return new BackupTargets(List.of(), List.of(file));
  }
}
