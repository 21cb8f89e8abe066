package dev.holdfast.interop;

import dev.holdfast.engine.access.Keys;
import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.store.LocalStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;

/// Takes the cost out of trying the password of a test's repository. The two programs make it half
/// of the CPU time of a short command, and many tests run hundreds of them; and somebody who kills
/// one at a random moment should not meet it there half of the time.
final class CheapKey {
  private static final ScryptParameters COST = new ScryptParameters(1024, 8, 1);

  private CheapKey() {}

  /// Replaces the key that `password` opens. The repository's own key stays as it is.
  static void in(Path repository, String password) {
    byte[] same = password.getBytes(StandardCharsets.UTF_8);
    try (LocalStore store = new LocalStore(repository);
        Repository opened = Repository.open(store, same, OpenOptions.DEFAULT)) {
      new Keys(opened, new KeyringOptions("host", "user", COST, false), Clock.systemUTC())
          .changePassword(same);
    }
  }
}
