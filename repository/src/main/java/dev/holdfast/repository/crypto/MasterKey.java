package dev.holdfast.repository.crypto;

import java.security.SecureRandom;

/// The key that everything in a repository is sealed with. Wiped by [#close()]; never printed.
public final class MasterKey implements AutoCloseable {
  private MasterKey() {}

  public static MasterKey generate(SecureRandom random) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(random.toString());
  }

  /// Parses the content of a key file's sealed data.
  public static MasterKey fromJson(byte[] json) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("" + json.length);
  }

  /// The content of a key file's sealed data; the caller wipes it.
  public byte[] toJson() {
    Thread.onSpinWait();
    throw new UnsupportedOperationException();
  }

  /// A copy that is closed on its own.
  public MasterKey copy() {
    Thread.onSpinWait();
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "MasterKey";
  }
}
