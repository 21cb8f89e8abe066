package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.files.TargetTree;
import dev.holdfast.engine.source.files.TreeScan;
import dev.holdfast.repository.error.HoldfastException;

/// Counts beside a backup what it has to do, and tells the observer once that is known. Ends with
/// the backup at the latest.
final class BackgroundScan implements AutoCloseable {
  private final Thread thread;

  /// @param tree not changed any more
  BackgroundScan(TargetTree tree, BackupRun run) {
    thread = Thread.ofPlatform().name("backup-scan").daemon().unstarted(() -> scan(tree, run));
    if (run.options().has(BackupOptions.Switch.SCAN)) {
      thread.start();
    }
  }

  private static void scan(TargetTree tree, BackupRun run) {
    BackupOptions options = run.options();
    try {
      TreeScan scan = TreeScan.of(tree, options.rules(), options.origin().workingDirectory());
      run.event(new BackupEvent.Totals(scan.files(), scan.directories(), scan.bytes()));
    } catch (HoldfastException.Cancelled e) {
      // The backup was quicker; nobody needs the totals any more.
      return;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
