package dev.holdfast.repository.restore;

import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.restore.TargetView.Match;
import java.util.LinkedHashSet;
import java.util.Set;

/// What a restore that ended early leaves: files that are there in part. The same restore, done
/// again, finds what is right in them and writes the rest, so they stay, and whoever reads of the
/// failure is told their names. One that keeps what exists would take them for files of somebody
/// else: for that, those that were not there before are removed.
final class Remains {
  /// As many as a person reads.
  private static final int NAMED_MAX = 20;

  private final DirectoryHandles directories;
  private final Overwrite overwrite;
  private final Reporter reporter;

  Remains(DirectoryHandles directories, Overwrite overwrite, Reporter reporter) {
    this.directories = directories;
    this.overwrite = overwrite;
    this.reporter = reporter;
  }

  /// Looks at all files of the pass in which it ended. No worker is at work any more.
  void handle(Pass pass) {
    int left = 0;
    for (PlannedFile file : unfinished(pass)) {
      if (isGone(file)) {
        continue;
      }
      left++;
      if (left <= NAMED_MAX) {
        reporter.error(file.path(), "only a part of its content is there");
      }
    }
    if (left > NAMED_MAX) {
      int more = left - NAMED_MAX;
      reporter.error("/", "of " + more + " more files only a part of the content is there");
    }
  }

  private static Set<PlannedFile> unfinished(Pass pass) {
    Set<PlannedFile> files = new LinkedHashSet<>();
    Placements placements = pass.placements();
    for (int i = 0; i < placements.size(); i++) {
      PlannedFile file = placements.file(i);
      if (file.isUnfinished()) {
        files.add(file);
      }
    }
    return files;
  }

  private boolean isGone(PlannedFile file) {
    boolean keepsWhatExists = overwrite == Overwrite.NEVER || overwrite == Overwrite.IF_NEWER;
    if (!keepsWhatExists || file.match().kind() != Match.Kind.NONE) {
      return false;
    }
    try {
      Posix.unlinkat(directories.open(file.directory()), file.name(), 0);
      return true;
    } catch (PosixException e) {
      return false;
    }
  }
}
