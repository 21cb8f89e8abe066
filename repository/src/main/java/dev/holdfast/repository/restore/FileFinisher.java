package dev.holdfast.repository.restore;

import dev.holdfast.repository.restore.RestoreEvent.Action;

/// Ends the restore of a file once its content is complete. Thread-safe.
final class FileFinisher {
  private final MetadataSetter metadata;
  private final Reporter reporter;

  FileFinisher(MetadataSetter metadata, Reporter reporter) {
    this.metadata = metadata;
    this.reporter = reporter;
  }

  /// Sets the metadata of an open file and reports what became of it.
  void finish(PlannedFile file, int fd) {
    String path = file.path();
    String damage = file.damage();
    boolean existed = file.match().kind() != TargetView.Match.Kind.NONE;
    if (damage != null) {
      metadata.setAllButTimes(fd, file.node(), path, existed);
      reporter.error(path, "the content is not complete: " + damage);
      return;
    }
    metadata.set(fd, file.node(), path, existed);
    switch (file.match().kind()) {
      case NONE -> reporter.done(path, Action.RESTORED, file.sizeBytes());
      case PARTLY -> reporter.done(path, Action.UPDATED, file.sizeBytes());
      case WHOLE -> {
        // Reported when it was planned.
      }
    }
  }

  /// Reports a file that is not there at all.
  void giveUp(PlannedFile file, String reason) {
    reporter.error(file.path(), "not restored: " + reason);
  }
}
