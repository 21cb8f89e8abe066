package dev.holdfast.engine.drill;

import java.nio.file.Path;

/// Ends a server that a drill which was killed has left running.
final class AbandonedCluster {
  private AbandonedCluster() {}

  static void stop(Path folder) {
    // Clusters come with PostgreSQL's part of a drill.
  }
}
