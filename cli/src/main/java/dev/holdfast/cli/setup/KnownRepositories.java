package dev.holdfast.cli.setup;

import dev.holdfast.repository.key.KeyMemory;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What a run has learned of repositories, for one that opens them several times, as the backup of
/// several apps does: nobody types a password twice, and none is tried twice. Wiped by [#close()].
/// Safe for any number of threads.
public final class KnownRepositories implements AutoCloseable {
  private final Map<String, byte[]> typed = new ConcurrentHashMap<>();
  private final KeyMemory keys = new KeyMemory();

  /// The password that a person typed for the repository at `address`, and that opened it.
  Optional<byte[]> password(String address) {
    return Optional.ofNullable(typed.get(address)).map(byte[]::clone);
  }

  void remember(String address, byte[] password) {
    typed.put(address, password.clone());
  }

  KeyMemory keys() {
    return keys;
  }

  @Override
  public void close() {
    typed.values().forEach(password -> Arrays.fill(password, (byte) 0));
    typed.clear();
    keys.close();
  }
}
