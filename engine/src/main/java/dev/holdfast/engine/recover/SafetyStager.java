package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Replacement;
import java.io.IOException;

/// Takes new states from the safety copies of an earlier recovery, by renaming them.
public final class SafetyStager implements Stager {
  private final LiveFiles files;

  public SafetyStager(LiveFiles files) {
    this.files = files;
  }

  @Override
  public void validate(Replacement it) {
    // The owner of what is put back is the right one.
  }

  @Override
  public void stage(Replacement it) throws IOException {
    files.makeFolder(it.stageFolder());
    move(it, it.from(), it.staged());
  }

  /// Without the folder it was never staged, or is back already.
  @Override
  public void unstage(Replacement it) throws IOException {
    if (files.inode(it.stageFolder()).isEmpty()) {
      return;
    }
    move(it, it.staged(), it.from());
    files.removeTree(it.stageFolder());
  }

  private void move(Replacement it, String from, String to) throws IOException {
    for (String suffix : it.suffixes()) {
      if (files.inode(from + suffix).isPresent()) {
        files.rename(from + suffix, to + suffix);
      }
    }
    if (files.inode(from).isPresent()) {
      files.rename(from, to);
    }
    files.sync(Replacement.folderOf(from));
    files.sync(Replacement.folderOf(to));
  }
}
