package dev.holdfast.engine.recover.files;

import java.io.IOException;
import java.util.Collection;
import java.util.OptionalLong;

/// Changes of names, and the writing of a journal: everything that decides whether live data is old
/// or new. What a power cut may do to each call is written down in `docs/decisions/013`: a change
/// of names happens wholly or not at all, and is certain only when the folders it concerns were
/// synced.
///
/// Paths are absolute, in the form of [dev.holdfast.posix.OsString]; the last component is never
/// followed if it is a link.
public interface LiveFiles {
  /// The inode that `path` names; empty if it names nothing.
  OptionalLong inode(String path) throws IOException;

  /// Renames, within one file system. Never replaces.
  ///
  /// @throws IOException if there is something at `to`, or it fails
  void rename(String from, String to) throws IOException;

  /// Makes two names change places, so that neither is ever without a file.
  ///
  /// @return false, and nothing happened, if the file system cannot do that
  boolean exchange(String one, String other) throws IOException;

  /// Makes changes of names in folders durable, and the content of files. What is not there is
  /// passed over.
  void sync(Collection<String> paths) throws IOException;

  /// Makes a folder that only its owner may enter, unless there is one.
  void makeFolder(String path) throws IOException;

  /// Removes a folder that should be empty; left if it is not, or not there.
  void removeEmptyFolder(String path) throws IOException;

  /// Removes whatever is at `path`, with everything in it. Nothing there is fine.
  void removeTree(String path) throws IOException;

  /// Adds bytes to the end of a file that only its owner may read, which is made if it is missing.
  /// Durable when this returns. A power cut before that may leave a part of them.
  void append(String file, byte[] bytes) throws IOException;

  /// The whole content of a file.
  byte[] read(String file) throws IOException;
}
