package dev.holdfast.engine.query;

import java.io.IOException;

/// An archive that entries of a snapshot are written to, one after the other. Closing ends the
/// archive and leaves what it was written to open. Not thread-safe.
public sealed interface EntryArchive extends AutoCloseable permits TarArchive, ZipArchive {
  /// Writes a file with its content, a directory or a symbolic link.
  void add(EntryView entry, EntryContent content) throws IOException;

  @Override
  void close() throws IOException;

  /// Writes everything below a directory of a snapshot; entries that archives do not have, such as
  /// devices, are left out.
  ///
  /// @param prefix path of the directory, which is put before the names
  static void addTree(
      EntryArchive archive,
      Walker walker,
      SnapshotPath directory,
      String prefix,
      EntryContent files)
      throws IOException {
    IOException[] failure = new IOException[1];
    walker.walk(
        directory,
        entry -> {
          boolean archived = entry.isFile() || entry.isDirectory() || entry.isSymlink();
          if (failure[0] == null && archived) {
            try {
              archive.add(entry.below(prefix), files);
            } catch (IOException e) {
              failure[0] = e;
            }
          }
          return failure[0] == null;
        });
    if (failure[0] != null) {
      throw failure[0];
    }
  }
}
