package dev.holdfast.cli;

import dev.holdfast.cli.command.Commands;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.repository.store.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Has a second thread do what every run with a repository needs, and what takes longest the first
/// time, while the command line is still being read. It changes nothing but the time at which
/// something is loaded.
final class WarmUp {
  private static final Set<String> WITHOUT_REPOSITORY =
      Set.of("config", "demo", "generate", "version");
  private static final String S3 = "s3:";

  private WarmUp() {}

  /// Starts with what the words of the command line and the environment let expect.
  static void start(List<String> arguments, Map<String, String> environment) {
    boolean opens =
        arguments.stream()
            .anyMatch(
                word -> Commands.names().contains(word) && !WITHOUT_REPOSITORY.contains(word));
    if (!opens || arguments.contains("--help") || arguments.contains("-h")) {
      return;
    }
    begin("repository", () -> RepositoryAccess.warmUp(new MemoryStore()));
    if (arguments.stream().anyMatch(word -> word.contains(S3))
        || environment.getOrDefault("RESTIC_REPOSITORY", "").startsWith(S3)
        || environment.getOrDefault("HOLDFAST_REPOSITORY", "").startsWith(S3)) {
      begin("s3", Stores::warmUpS3);
    }
  }

  private static void begin(String name, Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().name("warm-up-" + name).unstarted(work);
    // What fails here fails again where it is needed, and is said there.
    thread.setUncaughtExceptionHandler((failed, reason) -> {});
    thread.start();
  }
}
