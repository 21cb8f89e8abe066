package dev.holdfast.engine.source.files;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Arrays;

/// A file whose presence excludes everything else in its directory.
///
/// @param fileName the marker's name
/// @param header what the marker must begin with; empty if its presence is enough
public record ExclusionMarker(String fileName, String header) {
  /// Marks a cache directory (Cache Directory Tagging Specification, https://bford.info/cachedir/).
  public static final ExclusionMarker CACHE_DIRECTORY =
      new ExclusionMarker("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");

  /// Reads `file[:header]`.
  ///
  /// @throws HoldfastException.Rejected if the name is empty
  public static ExclusionMarker parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    if (name.isEmpty()) {
      throw new HoldfastException.Rejected(
          "no name of an exclusion marker in '" + text + "'", "write it as FILE or FILE:HEADER");
    }
    return new ExclusionMarker(name, colon < 0 ? "" : text.substring(colon + 1));
  }

  /// Whether the marker is in `directory`.
  ///
  /// @throws PosixException if that cannot be found out
  boolean isIn(OpenDirectory directory) throws PosixException {
    try {
      directory.stat(fileName);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
    return header.isEmpty() || hasHeader(directory);
  }

  private boolean hasHeader(OpenDirectory directory) throws PosixException {
    byte[] wanted = OsString.encode(header);
    byte[] found = new byte[wanted.length];
    int fd = directory.openFile(fileName);
    try {
      int size = 0;
      int read = 1;
      while (size < found.length && read > 0) {
        read = Posix.pread(fd, found, size, found.length - size, size);
        size += Math.max(read, 0);
      }
      return size == found.length && Arrays.equals(wanted, found);
    } finally {
      Descriptors.close(fd);
    }
  }
}
