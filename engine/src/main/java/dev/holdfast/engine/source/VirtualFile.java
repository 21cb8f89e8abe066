package dev.holdfast.engine.source;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.repository.error.HoldfastException;

/// A file of the snapshot that is no file of the file system: it comes from a stream. Directories
/// on the way to it that do not come from elsewhere are made up as well.
///
/// @param path absolute and clean: where it lies in the snapshot
/// @param stream where its bytes come from, read once
public record VirtualFile(String path, StreamSource stream) {
  public VirtualFile {
    path = UnixPath.clean(UnixPath.join("/", path));
    if (path.equals("/")) {
      throw new HoldfastException.Rejected(
          "a stream needs a file name", "give one with --stdin-filename");
    }
  }
}
