package dev.holdfast.repository.restore;

import dev.holdfast.repository.restore.RestoreEvent.Action;

/// Reports a pass as if it had been carried out.
final class DryRun {
  private DryRun() {}

  static void report(Pass pass, Reporter reporter) {
    for (PlannedFile file : pass.files()) {
      switch (file.match().kind()) {
        case NONE -> reporter.done(file.path(), Action.RESTORED, file.sizeBytes());
        case PARTLY -> reporter.done(file.path(), Action.UPDATED, file.sizeBytes());
        case WHOLE -> {
          // Reported when it was planned.
        }
      }
    }
    pass.specials().forEach(special -> reporter.done(special.path(), Action.RESTORED, 0));
    pass.links().forEach(link -> reporter.done(link.path(), Action.RESTORED, 0));
    pass.removals().forEach(removal -> reporter.done(removal.path(), Action.DELETED, 0));
    for (PlannedDirectory directory : pass.left()) {
      if (directory.node() != null) {
        reporter.done(directory.path(), Action.RESTORED, 0);
      }
    }
  }
}
