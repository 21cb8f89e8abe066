package dev.holdfast.engine.source.files;

import dev.holdfast.engine.source.VirtualFile;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Is told what a [TreeWalk] finds: in each directory ascending by the raw bytes of the names, a
/// directory's content between its [#enter] and its [#leave], all in the walking thread.
///
/// @param <D> what the visitor knows of a directory
public interface TreeVisitor<D> {
  /// A directory on the way to a target, which is not itself a target.
  ///
  /// @return the directory, or null to pass over it with all that is below
  @Nullable D enterAncestor(D parent, String nodeName, String path) throws IOException;

  /// A directory that exists only in the snapshot, on the way to a virtual file.
  D enterVirtual(D parent, String nodeName);

  /// A directory of a target.
  ///
  /// @param opened the directory, opened; to be retained by whoever uses it after the visit
  /// @param names what it holds, ascending; may include what will be left out
  /// @return the directory, or null to pass over it with all that is below
  @Nullable D enter(D parent, Found found, OpenDirectory opened, List<String> names)
      throws IOException;

  /// A regular file.
  void file(D directory, Found found) throws IOException;

  /// A symbolic link, a device or a fifo.
  void special(D directory, Found found) throws IOException;

  /// A file from a stream.
  void virtualFile(D directory, String nodeName, VirtualFile file);

  /// Everything of the directory has been visited.
  void leave(D directory);

  /// Something was left out because a rule says so.
  void excluded(String path);

  /// An entry of a directory is gone since the directory was listed.
  void vanished(D directory, String path, String name, IOException reason);

  /// Something could not be found, opened or listed, and the walk goes on without it.
  void failed(String path, IOException reason);
}
