package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.util.ArrayList;
import java.util.List;
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

  public static BackupTargets ofPaths(List<String> paths) {
    return new BackupTargets(paths, List.of());
  }

  public static BackupTargets ofStream(VirtualFile file) {
    return new BackupTargets(List.of(), List.of(file));
  }
}
