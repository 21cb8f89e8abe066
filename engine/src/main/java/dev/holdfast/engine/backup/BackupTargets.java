package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.VirtualFile;
import java.util.List;

/// What one backup takes.
///
/// @param paths files and directories, as they were given: relative ones start at the working
///   directory. In the form of [dev.holdfast.posix.OsString]
/// @param virtualFiles files from streams
public record BackupTargets(List<String> paths, List<VirtualFile> virtualFiles) {
  public BackupTargets {
    paths = List.copyOf(paths);
    virtualFiles = List.copyOf(virtualFiles);
  }

  public static BackupTargets ofPaths(List<String> paths) {
    return new BackupTargets(paths, List.of());
  }

  public static BackupTargets ofStream(VirtualFile file) {
    return new BackupTargets(List.of(), List.of(file));
  }
}
