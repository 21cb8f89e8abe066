package dev.holdfast.cli;

import dev.holdfast.cli.command.Commands;
import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.crypto.UserKey;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.s3.S3Store;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectType;
import java.security.SecureRandom;
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
  private static final ScryptParameters SMALLEST = new ScryptParameters(2, 1, 1);

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
    begin("crypto", WarmUp::crypto);
    if (arguments.stream().anyMatch(word -> word.contains(S3))
        || environment.getOrDefault("RESTIC_REPOSITORY", "").startsWith(S3)
        || environment.getOrDefault("HOLDFAST_REPOSITORY", "").startsWith(S3)) {
      begin("s3", S3Store::warmUp);
    }
  }

  private static void begin(String name, Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().name("warm-up-" + name).unstarted(work);
    // What fails here fails again where it is needed, and is said there.
    thread.setUncaughtExceptionHandler((failed, reason) -> {});
    thread.start();
  }

  private static void crypto() {
    SecureRandom random = new SecureRandom();
    MemoryStore store = new MemoryStore();
    try (MasterKey key = MasterKey.generate(random);
        UnpackedFiles files = new UnpackedFiles(store, key, random, true)) {
      files.load(files.save(ObjectType.LOCK, new byte[] {'{', '}'}));
    }
    UserKey.derive(new byte[1], new byte[UserKey.SALT_BYTES], SMALLEST).close();
  }
}
