package dev.holdfast.cli.setup;

import dev.holdfast.engine.config.Secret;
import dev.holdfast.repository.key.KeyMemory;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What a run has learned of repositories, for one that opens them several times, as the backup of
/// several apps does: nobody types a password twice, no command is asked twice for one, nor a pipe,
/// which has it once, and none is tried twice. Wiped by [#close()]. Safe for any number of threads.
public final class KnownRepositories implements AutoCloseable {
  private final Map<Origin, byte[]> passwords = new ConcurrentHashMap<>();
  private final KeyMemory keys = new KeyMemory();

  /// Where the password of a repository came from.
  ///
  /// @param address of the repository
  /// @param source empty if a person typed it
  private record Origin(String address, Optional<Secret> source) {}

  /// The password that `source` gave, or a person typed, for the repository at `address`, and that
  /// opened it.
  Optional<byte[]> password(String address, Optional<Secret> source) {
    return Optional.ofNullable(passwords.get(new Origin(address, source))).map(byte[]::clone);
  }

  void remember(String address, Optional<Secret> source, byte[] password) {
    passwords.put(new Origin(address, source), password.clone());
  }

  KeyMemory keys() {
    return keys;
  }

  @Override
  public void close() {
    passwords.values().forEach(password -> Arrays.fill(password, (byte) 0));
    passwords.clear();
    keys.close();
  }
}
