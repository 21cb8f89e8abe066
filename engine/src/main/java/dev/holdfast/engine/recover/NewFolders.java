package dev.holdfast.engine.recover;

import static dev.holdfast.posix.OpenFlag.AT_FDCWD;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import java.io.IOException;

/// Makes folders that are missing on the way to what is recovered: like the folder they lie in.
/// They are durable when that is synced.
final class NewFolders {
  private NewFolders() {}

  static void make(LiveFiles files, String folder) throws IOException {
    if (files.inode(folder).isPresent()) {
      return;
    }
    files.makeFolder(folder);
    FileStat outer = Posix.stat(Replacement.folderOf(folder));
    if (Posix.geteuid() == 0) {
      Likeness.giveOwnerOf(Replacement.folderOf(folder), outer, folder);
    }
    Posix.fchmodat(AT_FDCWD, folder, outer.mode() & 0777, 0);
  }
}
