package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Replacement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
    boolean _ = move(it, it.from(), it.staged());
  }

  /// What is staged is back, for certain, before its folder goes. Without the folder it was never
  /// staged, or is back already.
  @Override
  public boolean unstage(Replacement it) throws IOException {
    if (files.inode(it.stageFolder()).isEmpty()) {
      return false;
    }
    if (!move(it, it.staged(), it.from())) {
      files.removeTree(it.stageFolder());
    }
    return true;
  }

  private boolean move(Replacement it, String from, String to) throws IOException {
    boolean moved = false;
    List<String> suffixes = new ArrayList<>(it.suffixes());
    suffixes.add("");
    for (String suffix : suffixes) {
      if (files.inode(from + suffix).isPresent()) {
        files.rename(from + suffix, to + suffix);
        moved = true;
      }
    }
    return moved;
  }
}
