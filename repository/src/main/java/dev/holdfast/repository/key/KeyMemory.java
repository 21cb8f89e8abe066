package dev.holdfast.repository.key;

import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.format.KeyId;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Keys that passwords have opened, for a process that opens a repository again and again: trying a
/// password is made to cost a fifth of a second.
///
/// A key counts only for the password that opened it, and only as long as the repository has it:
/// its id is the hash of its file, so that it cannot be another one. Nothing is written anywhere.
/// Wiped by [#close()]. Safe for any number of threads.
public final class KeyMemory implements AutoCloseable {
  private final List<Known> known = new ArrayList<>();

  /// A password and what it opened; both are its own.
  private static final class Known {
    private final byte[] password;
    private final Opened opened;

    Known(byte[] password, Opened opened) {
      this.password = password.clone();
      this.opened = copy(opened);
    }

    boolean isFor(byte[] given, Collection<KeyId> keys) {
      return keys.contains(opened.keyId()) && MessageDigest.isEqual(password, given);
    }

    void wipe() {
      Arrays.fill(password, (byte) 0);
      opened.masterKey().close();
    }
  }

  /// What `password` opened before, if it was one of `keys`; closed by the caller.
  synchronized Optional<Opened> find(byte[] password, Collection<KeyId> keys) {
    return known.stream()
        .filter(each -> each.isFor(password, keys))
        .findFirst()
        .map(each -> copy(each.opened));
  }

  /// Remembers what `password` opened. Both stay the caller's.
  synchronized void keep(byte[] password, Opened opened) {
    known.add(new Known(password, opened));
  }

  private static Opened copy(Opened opened) {
    MasterKey key = opened.masterKey().copy();
    return new Opened(key, opened.keyId());
  }

  /// Forgets everything.
  @Override
  public synchronized void close() {
    known.forEach(Known::wipe);
    known.clear();
  }
}
